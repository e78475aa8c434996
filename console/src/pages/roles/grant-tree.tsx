/** Everything that can be granted on, with a box for each permission of the role. */
import { Paper, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { objectsQuery } from '../../api/roles.ts'
import type { Grant, ObjectTree, RoleDetail } from '../../api/roles.ts'
import { Mono } from '../../ui/mono.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { GrantNode } from './grant-node.tsx'
import type { GrantPlace } from './grant-node.tsx'
import classes from './grant-tree.module.css'
import { changeKey, grantKey } from './role-change.ts'
import type { RoleChange, RoleChanges } from './role-change.ts'

interface GrantTreeProps {
  readonly role: RoleDetail
  readonly changes: RoleChanges
  readonly onToggle: (change: RoleChange) => void
}

/** More are found with the filter: a page of ten thousand boxes helps nobody. */
const TABLES_SHOWN_MAX = 200

export function GrantTree({ role, changes, onToggle }: GrantTreeProps) {
  const objects = useQuery(objectsQuery)
  const [filter, setFilter] = useState('')
  const granted = useMemo(() => new Set(role.grants.map(grantKey)), [role.grants])

  const isGranted = (grant: Grant) => {
    const change = changes.get(changeKey({ kind: 'permission', verb: 'grant', grant }))
    return change ? change.verb === 'grant' : granted.has(grantKey(grant))
  }
  const state = {
    isGranted,
    isChanged: (grant: Grant) =>
      changes.has(changeKey({ kind: 'permission', verb: 'grant', grant })),
    toggle: (grant: Grant) => {
      const verb = granted.has(grantKey(grant)) ? 'revoke' : 'grant'
      onToggle({ kind: 'permission', verb, grant })
    },
  }
  return (
    <Paper withBorder p="lg">
      <Stack gap="md">
        <div>
          <Title order={2} size="h4">
            Grants
          </Title>
          <Text size="sm" c="dimmed">
            Tick what {role.name} may do. Nothing changes until you run the SQL that appears below.
            To read a table it needs CONNECT on the database, USAGE on the schema and SELECT on the
            table.
          </Text>
        </div>
        <TextInput
          aria-label="Filter tables"
          placeholder="Filter tables and functions"
          leftSection={<IconFilter size={16} aria-hidden />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          maw={{ sm: '22rem' }}
        />
        {objects.error && <ProblemNotice error={objects.error} />}
        {objects.isPending && <Skeleton height={240} radius="md" />}
        {objects.data && (
          <ul className={classes['tree']}>
            {placesIn(objects.data, filter.trim().toLowerCase()).map((place) => (
              <GrantNode
                key={`${place.object.objectKind} ${place.name}`}
                place={place}
                state={state}
                depth={0}
                opened
              />
            ))}
          </ul>
        )}
        <OtherGrants grants={objects.data ? unknownGrants(role.grants, objects.data) : []} />
      </Stack>
    </Paper>
  )
}

const PERMISSIONS = {
  database: ['CONNECT', 'CREATE', 'CREATE FUNCTION', 'DDL', 'SUPERUSER'],
  schema: ['USAGE', 'CREATE', 'DDL', 'SUPERUSER'],
  table: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DDL'],
  view: ['SELECT', 'DDL'],
  'foreign table': ['SELECT', 'DDL'],
  sequence: ['USAGE', 'SELECT', 'UPDATE', 'DDL'],
  column: ['SELECT'],
  function: ['EXECUTE', 'DDL'],
  location: ['USAGE'],
} as const

function placesIn({ databases, locations }: ObjectTree, filter: string): GrantPlace[] {
  const places = locations.map((location) => ({
    name: location,
    type: 'location',
    object: { objectKind: 'location' as const, location },
    permissions: PERMISSIONS.location,
    note: undefined,
    children: [],
  }))
  return [...placesOf(databases, filter), ...places]
}

function placesOf(databases: ObjectTree['databases'], filter: string): GrantPlace[] {
  return databases.map(({ name: database, schemas, functions }) => ({
    name: database,
    object: { objectKind: 'database', database },
    permissions: PERMISSIONS.database,
    note: undefined,
    children: [
      ...schemasIn(database, schemas, filter),
      ...functionsIn(database, functions, filter),
    ],
  }))
}

type Database = ObjectTree['databases'][number]

function functionsIn(
  database: string,
  functions: Database['functions'],
  filter: string,
): GrantPlace[] {
  return functions
    .filter(({ name }) => name.toLowerCase().includes(filter))
    .slice(0, TABLES_SHOWN_MAX)
    .map(({ name, type }) => ({
      name,
      type,
      object: { objectKind: 'function', database, function: name },
      permissions: PERMISSIONS.function,
      note: undefined,
      children: [],
    }))
}

function schemasIn(database: string, schemas: Database['schemas'], filter: string): GrantPlace[] {
  return schemas.map(({ name: schema, tables, sequences }): GrantPlace => {
    const found = tables.filter(({ name }) => name.toLowerCase().includes(filter))
    const more = found.length - TABLES_SHOWN_MAX
    return {
      name: schema,
      object: { objectKind: 'schema', database, schema },
      permissions: PERMISSIONS.schema,
      note: more > 0 ? `${more} more tables: filter to find them` : undefined,
      children: [
        ...found
          .slice(0, TABLES_SHOWN_MAX)
          .map((table): GrantPlace => tableIn(database, schema, table)),
        ...sequences
          .filter((name) => name.toLowerCase().includes(filter))
          .slice(0, TABLES_SHOWN_MAX)
          .map((name): GrantPlace => ({
            name,
            type: 'sequence',
            object: { objectKind: 'sequence', database, schema, table: name },
            permissions: PERMISSIONS.sequence,
            note: undefined,
            children: [],
          })),
      ],
    }
  })
}

type Schema = Database['schemas'][number]

function tableIn(database: string, schema: string, table: Schema['tables'][number]): GrantPlace {
  const objectKind = table.kind
  const place = { database, schema, table: table.name }
  return {
    name: table.name,
    ...(objectKind === 'foreign table' && { type: objectKind }),
    object: { objectKind, ...place },
    permissions: PERMISSIONS[objectKind],
    note: undefined,
    children: table.columns.map(({ name: column, type }) => ({
      name: column,
      type,
      object: { objectKind: 'column', ...place, column },
      permissions: PERMISSIONS.column,
      coveredBy: { permission: 'SELECT', objectKind, ...place },
      note: undefined,
      children: [],
    })),
  }
}

/** Grants that have no box: on objects or of permissions that the tree does not show. */
function unknownGrants(grants: readonly Grant[], objects: ObjectTree): Grant[] {
  const known = new Set<string>()
  const add = (places: readonly GrantPlace[]) => {
    for (const { object, permissions, children } of places) {
      for (const permission of permissions) known.add(grantKey({ permission, ...object }))
      add(children)
    }
  }
  add(placesIn(objects, ''))
  return grants.filter((grant) => !known.has(grantKey(grant)))
}

function OtherGrants({ grants }: { readonly grants: readonly Grant[] }) {
  if (grants.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={550}>
        Other grants
      </Text>
      {grants.map((grant) => {
        const { permission, objectKind, database, schema, table, column, location } = grant
        const parts = [database, schema, table, column, grant.function, location]
        const name = parts.filter((part) => part !== undefined)
        return (
          <Text key={grantKey(grant)} size="sm">
            {permission} on {objectKind} <Mono>{name.join('.')}</Mono>
          </Text>
        )
      })}
    </div>
  )
}
