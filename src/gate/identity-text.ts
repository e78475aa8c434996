/** What the engine is told of identity columns, which it does not know: sequences, and defaults from them. */
import type {
  ColumnEntry,
  IdentityColumn,
  OwnSequence,
  TableEntry,
} from '../catalog/catalog-snapshot.ts'
import { newIdentity } from '../catalog/identity-column.ts'
import { TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { sequenceOptionsText } from './sequence-options.ts'

export function createOwnSequence({ sequence, options }: IdentityColumn): string {
  const temporary = sequence.database === TEMPORARY_SCHEMA.database.name ? 'TEMP ' : ''
  return `CREATE ${temporary}SEQUENCE ${fullName(sequence)} ${sequenceOptionsText(options)}`
}

/** The value of DEFAULT. */
export function drawFromOwn({ sequence }: IdentityColumn): string {
  return `nextval('${fullName(sequence).replaceAll("'", "''")}')`
}

/** Of columns that go, after they went. */
export function dropOwnSequences(columns: readonly ColumnEntry[]): string[] {
  return columns.flatMap(({ identity }) =>
    identity ? [`DROP SEQUENCE ${fullName(identity.sequence)} RESTRICT`] : [],
  )
}

/**
 * The columns count from their start again, by sequences of their own in place of those that they
 * had: the engine sets none back. It comes to that with the transaction, or not at all.
 */
export function restartIdentities({ schema, name, columns }: TableEntry): string[] {
  const full = quoteFullName(schema.database.name, schema.name, name)
  return columns.flatMap((column) => {
    if (!column.identity) return []
    const fresh = newIdentity(column.identity, schema)
    return [
      createOwnSequence(fresh),
      `ALTER TABLE ${full} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT (${drawFromOwn(fresh)})`,
      ...dropOwnSequences([column]),
    ]
  })
}

function fullName({ database, schema, name }: OwnSequence): string {
  return quoteFullName(database, schema, name)
}
