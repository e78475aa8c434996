/** The SQL that makes chosen changes: what is shown is what runs. */
import type { Grant } from '../../api/roles.ts'
import type { RoleChange, Verb } from './role-change.ts'

/** One statement for each object and verb; REVOKE first, so that rights never grow on the way. */
export function roleSql(role: string, changes: Iterable<RoleChange>): string[] {
  const all = [...changes]
  return (['revoke', 'grant'] as const).flatMap((verb) => {
    const ofVerb = all.filter((change) => change.verb === verb)
    const grants = ofVerb.flatMap((change) => (change.kind === 'permission' ? [change.grant] : []))
    return [
      ...ofVerb.flatMap((change) => (change.kind === 'membership' ? [membership(change)] : [])),
      ...permissions(verb, role, grants),
    ]
  })
}

function membership({ verb, role, member }: RoleChange & { readonly kind: 'membership' }): string {
  return `${verb.toUpperCase()} ${name(role)} ${preposition(verb)} ${name(member)}`
}

function permissions(verb: Verb, role: string, grants: readonly Grant[]): string[] {
  return [...Map.groupBy(grants, targetGroup).values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const words = unique(group.map(({ permission }) => permission)).join(', ')
    const target = targetOf(first, group)
    return [`${verb.toUpperCase()} ${words} ON ${target} ${preposition(verb)} ${name(role)}`]
  })
}

/** Columns of one table go together when the permission is the same; else all permissions of one object. */
function targetGroup(grant: Grant): string {
  const { objectKind, permission, database, schema, table, function: called, location } = grant
  const part = objectKind === 'column' ? ['column', permission] : [objectKind]
  const names = [database, schema, table, called, location].map((name) => name ?? '')
  return JSON.stringify([...part, ...names])
}

function targetOf(grant: Grant, group: readonly Grant[]): string {
  const { database = '', schema = '', table = '', function: called = '', location = '' } = grant
  switch (grant.objectKind) {
    case 'database':
      return `DATABASE ${name(database)}`
    case 'schema':
      return `SCHEMA ${path(database, schema)}`
    case 'table':
    case 'view':
      return `TABLE ${path(database, schema, table)}`
    case 'function':
      return `FUNCTION ${path(database, called)}`
    case 'foreign table':
      return `FOREIGN TABLE ${path(database, schema, table)}`
    case 'sequence':
      return `SEQUENCE ${path(database, schema, table)}`
    case 'location':
      return `LOCATION ${name(location)}`
    case 'column': {
      const columns = unique(group.map(({ column = '' }) => column)).map(name)
      return `COLUMN ${columns.join(', ')} IN TABLE ${path(database, schema, table)}`
    }
  }
}

function path(...names: readonly string[]): string {
  return names.map(name).join('.')
}

function preposition(verb: Verb): string {
  return verb === 'grant' ? 'TO' : 'FROM'
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)]
}

/** Quoted unless it reads the same without. */
function name(text: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(text) && !RESERVED.has(text)
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}

/** Words that GRANT itself uses, and those that PostgreSQL reserves. */
const RESERVED = new Set(
  (
    'admin all analyse analyze and any array as asc asymmetric both case cast check clusteradmin ' +
    'collate column connect constraint create database ddl default deferrable delete desc distinct ' +
    'do else end except execute false fetch for foreign from function grant group having in ' +
    'initially insert intersect into lateral leading limit localtime localtimestamp login not null ' +
    'offset on only or order placing primary references returning revoke role schema select ' +
    'session_user some superuser symmetric table then to trailing true union unique update usage ' +
    'user using variadic view when where window with'
  ).split(' '),
)
