/**
 * ALTER TABLE [IF EXISTS] name action [, …], and ALTER { VIEW | FOREIGN TABLE } [IF EXISTS] name
 * RENAME TO name.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { RelationKind, TableEntry } from '../catalog/catalog-snapshot.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { alterColumns, refuseBeneathIndex } from './alter-columns.ts'
import type { AlteredColumns } from './alter-columns.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { engineKind } from './engine-kind.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { checkNewRelationName } from './new-name.ts'
import { nothingThere } from './nothing-there.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { readAlterActions } from './read-alter-actions.ts'
import { noSuchRelation, notSupported, wrongKind } from './refusals.ts'
import { isRelationName, relationExists } from './relation-name.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema, needOnTable, needToAlter } from './requirements.ts'
import { findTable } from './visible-names.ts'

export async function checkAlter(
  context: GateContext,
  kind: RelationKind,
): Promise<CheckedStatement> {
  const { cursor } = readHead(context)
  const word = kind.toUpperCase() as Uppercase<RelationKind>
  cursor.expect('alter', ...kind.split(' '))
  const ifExists = cursor.accept('if', 'exists')
  if (cursor.accept('only')) throw notSupported('ALTER TABLE ONLY')
  const parts = readName(cursor)
  const table = findTable(parts, context)
  if (!table) {
    if (ifExists) return nothingThere(context, `ALTER ${word}`, noSuchRelation(parts))
    throw new GatewayError('undefined_table', noSuchRelation(parts))
  }
  // any column will do at first: which one it is, the action tells, and holds its rights against it
  requireAll(needToAlter(table, []), context.authority)
  if (table.kind !== kind) throw wrongKind(table, kind)
  const { texts, requires, amends, skipped } = cursor.sees('rename', 'to')
    ? renameRelation(cursor, table, context)
    : await alterTable(cursor, table, context)
  const [text, ...further] = texts
  if (text === undefined) {
    return { ...nothingThere(context, `ALTER ${word}`, ...skipped), requires }
  }
  return {
    text,
    further,
    action: {
      kind: 'define',
      tag: `ALTER ${word}`,
      database: table.schema.database.name,
      registers: [],
      unregisters: [],
      amends,
      notices: skipped.map((reason) => `${reason}, skipping`),
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}

async function alterTable(
  cursor: TokenCursor,
  table: TableEntry,
  context: GateContext,
): Promise<AlteredColumns> {
  if (table.kind !== 'table') {
    throw notSupported(`ALTER ${table.kind.toUpperCase()} of anything but the name`)
  }
  const altered = await alterColumns(readAlterActions(cursor), table, context)
  context.sequences.mustBeIn(table.schema.database.name)
  return altered
}

/** In its schema: the id stays, so what was granted stays. */
function renameRelation(
  cursor: TokenCursor,
  table: TableEntry,
  { catalog, authority }: GateContext,
): AlteredColumns {
  const { schema } = table
  const requires = requireAll(
    [...needOnTable('DDL', table), ...needOnSchema('CREATE', schema)],
    authority,
  )
  cursor.expect('rename', 'to')
  const name = cursor.identifier()
  cursor.expectEnd()
  checkNewRelationName(name, table.kind, schema)
  if (isRelationName(name, schema, catalog)) throw relationExists(name)
  refuseBeneathIndex(table)
  const full = quoteFullName(schema.database.name, schema.name, table.name)
  return {
    texts: [`ALTER ${engineKind(table.kind)} ${full} RENAME TO ${quoteName(name)}`],
    requires,
    amends: [{ kind: 'name', id: table.id, name }],
    skipped: [],
  }
}
