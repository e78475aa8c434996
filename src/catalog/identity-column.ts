/**
 * Identity columns. Their values come from a sequence of the table's own, which nobody can name: it
 * is among what is ours, made and dropped with the column, and its name says all that it is. So it
 * is told from the column's default alone, in every copy of the database.
 */
import { randomUUID } from 'node:crypto'
import { INTERNAL_SCHEMA } from '../engine/internal-schema.ts'
import type { IdentityColumn, SchemaEntry } from './catalog-snapshot.ts'
import { TEMPORARY_SCHEMA } from './temporary.ts'

/** Of a new column of a table in `schema`. */
export function newIdentity(
  { generation, options }: Pick<IdentityColumn, 'generation' | 'options'>,
  schema: SchemaEntry,
): IdentityColumn {
  const { start, increment, minimum, maximum, cycles } = options
  const numbers = [start, increment, minimum, maximum].join(' ')
  const name = `identity ${generation === 'always' ? 'always' : 'default'} ${numbers} ${cycles ? 'cycle' : 'once'} ${randomUUID()}`
  const database = schema.database.name
  const place = schema === TEMPORARY_SCHEMA ? schema.name : INTERNAL_SCHEMA
  return { generation, options, sequence: { database, schema: place, name } }
}

const DEFAULT =
  /^nextval\('"((?:[^"]|"")+)"\."(\w+)"\."(identity (always|default) (-?\d+) (-?\d+) (-?\d+) (-?\d+) (cycle|once) [0-9a-f-]{36})"'\)$/

/** @returns undefined for any other default. Nobody else can make a sequence in that place. */
export function identityOf(
  defaultExpression: string | undefined,
  schema: SchemaEntry,
): IdentityColumn | undefined {
  const found = DEFAULT.exec(defaultExpression ?? '')
  if (!found) return undefined
  const [, database = '', place = '', name = '', word, ...rest] = found
  const [start = '', increment = '', minimum = '', maximum = '', cycle] = rest
  const isOurs = place === (schema === TEMPORARY_SCHEMA ? schema.name : INTERNAL_SCHEMA)
  if (!isOurs) return undefined
  return {
    generation: word === 'always' ? 'always' : 'by default',
    options: { start, increment, minimum, maximum, cycles: cycle === 'cycle' },
    sequence: {
      database: database.replaceAll('""', '"').replaceAll("''", "'"),
      schema: place,
      name,
    },
  }
}
