/**
 * CREATE [UNIQUE] INDEX [[IF NOT EXISTS] name] ON table [USING btree] (column [ASC], …).
 *
 * Needs DDL on the table and, as in PostgreSQL, CREATE on its schema, in which the name lives; UNIQUE
 * needs SELECT on the columns as well: that it fails would tell of their values. Columns alone: an
 * expression would be computed by whoever writes to the table.
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import { isTemporary } from '../catalog/temporary.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readIfNotExists, readName } from './head-cursor.ts'
import { columnNamed, knownColumn } from './known-column.ts'
import { checkNewName } from './new-name.ts'
import { nothingThere } from './nothing-there.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { noSuchColumn, noSuchRelation, notSupported } from './refusals.ts'
import { isRelationName, relationExists } from './relation-name.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema, needOnTable, needToRead } from './requirements.ts'
import { findTable } from './visible-names.ts'

/** PostgreSQL's, of names that it makes itself. */
const NAME_LENGTH_MAX = 63

export function checkCreateIndex(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('create')
  const unique = cursor.accept('unique')
  cursor.expect('index')
  if (cursor.sees('concurrently')) throw notSupported('CREATE INDEX CONCURRENTLY')
  const ifNotExists = readIfNotExists(cursor)
  const named = cursor.sees('on') && !ifNotExists ? undefined : cursor.identifier()
  cursor.expect('on')
  if (cursor.sees('only')) throw notSupported('CREATE INDEX … ON ONLY')
  const parts = readName(cursor)
  const written = readColumns(cursor)
  const table = findTable(parts, context)
  if (!table) throw new GatewayError('undefined_table', noSuchRelation(parts))
  const known = written.flatMap((name) => knownColumn(table, name, context)?.name ?? [])
  const requires = requireAll(
    [
      ...needOnTable('DDL', table),
      ...needOnSchema('CREATE', table.schema),
      ...(unique ? needToRead(table, new Set(known)) : []),
    ],
    context.authority,
  )
  if (table.kind !== 'table') {
    const reason = `cannot create index on relation "${table.name}"`
    throw new GatewayError('wrong_object_type', reason, { hint: `It is a ${table.kind}.` })
  }
  if (isTemporary(table)) {
    // the engine goes on with one that was dropped
    throw notSupported('an index on a temporary table', 'Declare a primary key.')
  }
  const columns = columnsOf(table, written)
  if (named !== undefined) checkNewName(named, 'index')
  const name = named ?? freeName(table, columns, context)
  if (isRelationName(name, table.schema, context.catalog)) {
    if (!ifNotExists) throw relationExists(name)
    const reason = relationExists(name).message
    return { ...nothingThere(context, 'CREATE INDEX', reason), requires }
  }
  const { database, name: schema } = table.schema
  const on = quoteFullName(database.name, schema, table.name)
  return {
    text: `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoteName(name)} ON ${on} (${columns.map(quoteName).join(', ')})`,
    action: {
      kind: 'define',
      tag: 'CREATE INDEX',
      database: database.name,
      registers: [],
      unregisters: [],
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}

/** Which way it is sorted makes no difference here; where NULL stands would, to those who rely on it. */
function readColumns(cursor: TokenCursor): string[] {
  if (cursor.accept('using')) {
    const method = cursor.identifier()
    if (method !== 'btree') throw notSupported(`CREATE INDEX … USING ${method}`)
  }
  cursor.expectSymbol('(')
  const columns = cursor.list(() => {
    if (cursor.seesSymbol('(')) throw notSupported('an index over an expression')
    const name = cursor.identifier()
    if (cursor.seesSymbol('(')) throw notSupported('an index over an expression')
    cursor.accept('asc')
    const next = cursor.peek()
    if (next?.kind === 'word') throw notSupported(`${next.value.toUpperCase()} in CREATE INDEX`)
    return name
  })
  cursor.expectSymbol(')')
  const next = cursor.peek()
  if (next?.kind === 'word') throw notSupported(`CREATE INDEX … ${next.value.toUpperCase()}`)
  cursor.expectEnd()
  return columns
}

function columnsOf(table: TableEntry, written: readonly string[]): string[] {
  const columns = written.map((name) => {
    const column = columnNamed(table, name)
    if (!column) throw noSuchColumn(name, table)
    return column.name
  })
  if (new Set(columns).size < columns.length) throw notSupported('a column twice in an index')
  return columns
}

/** As PostgreSQL names an index that has been given no name. */
function freeName(table: TableEntry, columns: readonly string[], { catalog }: GateContext): string {
  const whole = [table.name, ...columns].join('_')
  for (let number = 0; ; number += 1) {
    const end = `_idx${number === 0 ? '' : number}`
    const name = `${whole.slice(0, NAME_LENGTH_MAX - end.length)}${end}`
    if (!isRelationName(name, table.schema, catalog)) return name
  }
}
