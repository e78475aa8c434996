/** Which table the rows go to: a new one, or one that is there. */
import { NativeSelect, SegmentedControl, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { problemFrom } from '../../api/api-error.ts'
import { objectsQuery } from '../../api/roles.ts'
import type { ObjectTree } from '../../api/roles.ts'
import { problemText } from '../../ui/field-errors.ts'
import { schemaFrom } from './load-choice.ts'
import type { Target } from './load-choice.ts'

interface TargetFieldsProps {
  readonly target: Target
  readonly error: unknown
  readonly onChange: (target: Target) => void
}

const shell = getRouteApi('/shell')

export function TargetFields({ target, error, onChange }: TargetFieldsProps) {
  const { me } = shell.useRouteContext()
  const objects = useQuery({ ...objectsQuery, enabled: me.clusterAdmin })
  const tree = objects.data
  const isNew = target.mode === 'create'
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="Into which table"
        value={target.mode}
        onChange={(mode) => onChange({ ...target, mode: mode === 'append' ? 'append' : 'create' })}
        data={[
          { value: 'create', label: 'New table' },
          { value: 'append', label: 'Existing table' },
        ]}
        w={{ base: '100%', xs: '22rem' }}
        fullWidth
      />
      {tree && !isNew ? (
        <TableSelect tree={tree} target={target} error={error} onChange={onChange} />
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          {tree ? (
            <SchemaSelect tree={tree} target={target} error={error} onChange={onChange} />
          ) : (
            <SchemaText target={target} error={error} onChange={onChange} />
          )}
          <TextInput
            label={isNew ? 'Name of the new table' : 'Table'}
            description={
              isNew
                ? 'It is made by the load, and is not there when that fails.'
                : 'Columns are found by their names.'
            }
            value={target.name}
            error={isOfSchema(error) ? undefined : textOf(error)}
            onChange={(event) => onChange({ ...target, name: event.currentTarget.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </SimpleGrid>
      )}
    </Stack>
  )
}

const NEEDS: Record<Target['mode'], string> = {
  create: 'You need CREATE on it.',
  append: 'You need INSERT on the table.',
}

/** For those who are not told which there are. */
function SchemaText({ target, error, onChange }: TargetFieldsProps) {
  const [text, setText] = useState(`${target.database}.${target.schema}`)
  return (
    <TextInput
      label="Schema"
      description={NEEDS[target.mode]}
      value={text}
      error={isOfSchema(error) ? textOf(error) : undefined}
      onChange={(event) => {
        setText(event.currentTarget.value)
        onChange({ ...target, ...schemaFrom(event.currentTarget.value) })
      }}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

type Chooser = TargetFieldsProps & { readonly tree: ObjectTree }

function SchemaSelect({ tree, target, error, onChange }: Chooser) {
  const schemas = tree.databases.flatMap((database) =>
    database.schemas.map((schema) => ({ database: database.name, schema: schema.name })),
  )
  const chosen = schemas.findIndex(
    ({ database, schema }) => database === target.database && schema === target.schema,
  )
  return (
    <NativeSelect
      label="Schema"
      description={NEEDS[target.mode]}
      data={[
        ...(chosen < 0 ? [{ value: '-1', label: `${target.database}.${target.schema}` }] : []),
        ...schemas.map(({ database, schema }, at) => ({
          value: String(at),
          label: `${database}.${schema}`,
        })),
      ]}
      value={String(chosen)}
      error={isOfSchema(error) ? textOf(error) : undefined}
      onChange={(event) => {
        const found = schemas[Number(event.currentTarget.value)]
        if (found) onChange({ ...target, ...found })
      }}
    />
  )
}

const TABLES_SHOWN = 100

function TableSelect({ tree, target, error, onChange }: Chooser) {
  const tables = tree.databases.flatMap((database) =>
    database.schemas.flatMap((schema) =>
      schema.tables
        .filter(({ kind }) => kind === 'table')
        .map(({ name }) => ({ database: database.name, schema: schema.name, name })),
    ),
  )
  const chosen = tables.findIndex(
    ({ database, schema, name }) =>
      database === target.database && schema === target.schema && name === target.name,
  )
  return (
    <Select
      label="Table"
      description="Its columns are found by their names, and keep their types."
      placeholder={tables.length === 0 ? 'There is no table yet' : 'Search tables'}
      data={tables.map(({ database, schema, name }, at) => ({
        value: String(at),
        label: `${database}.${schema}.${name}`,
      }))}
      value={chosen < 0 ? null : String(chosen)}
      error={chosen < 0 ? undefined : textOf(error)}
      onChange={(value) => {
        const found = value === null ? undefined : tables[Number(value)]
        if (found) onChange({ ...target, ...found })
      }}
      searchable
      limit={TABLES_SHOWN}
      nothingFoundMessage="No table has this name."
      maxDropdownHeight={260}
      maw={{ sm: '30rem' }}
    />
  )
}

/** The database or the schema is what is wrong, not the table's own name. */
function isOfSchema(error: unknown): boolean {
  if (error === null || error === undefined) return false
  const { code, field } = problemFrom(error)
  return (
    code === 'invalid_schema_name' ||
    code === 'invalid_catalog_name' ||
    field === 'table.schema' ||
    field === 'table.database'
  )
}

function textOf(error: unknown): string | undefined {
  return error === null || error === undefined ? undefined : problemText(error)
}
