/**
 * The actions of ALTER TABLE on columns.
 *
 *   ADD [COLUMN] [IF NOT EXISTS] name type [DEFAULT constant] [NULL]
 *   DROP [COLUMN] [IF EXISTS] name [RESTRICT]
 *   RENAME [COLUMN] name TO name
 *   ALTER [COLUMN] name { [SET DATA] TYPE type [USING value] | SET DEFAULT value | DROP DEFAULT
 *                       | SET NOT NULL | DROP NOT NULL }
 *   ADD PRIMARY KEY (names)
 *
 * Needs DDL on the table; for a column that is there, DDL on the column will do. An action that fails
 * because of a value needs SELECT on the column as well: it would tell what is in it. Rights come
 * first: names and types of columns are told only to those who hold them.
 */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import {
  keysAfterAdding,
  keysAfterDropping,
  keysAfterRenaming,
  keysOf,
} from '../catalog/column-keys.ts'
import type { ColumnKey } from '../identity/permit.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { AlterAction } from './alter-action.ts'
import { readColumnDefinition } from './column-definitions.ts'
import type { ColumnDefinition, Fragment } from './column-definitions.ts'
import type { GateContext } from './gate-context.ts'
import { heldColumns } from './held-columns.ts'
import { checkNewName } from './new-name.ts'
import { quoteName } from './quote-name.ts'
import { noSuchColumn, notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnTable, needToAlter, needToRead } from './requirements.ts'
import { canonicalFragments } from './table-fragments.ts'

export async function alterColumns(
  cursor: TokenCursor,
  table: TableEntry,
  context: GateContext,
): Promise<AlterAction> {
  if (cursor.accept('rename')) return rename(cursor, table, context)
  if (cursor.accept('drop')) return drop(cursor, table, context)
  if (cursor.accept('alter')) return await alter(cursor, table, context)
  if (cursor.accept('add', 'primary', 'key')) return addPrimaryKey(cursor, table, context)
  if (cursor.accept('add')) return await add(cursor, table, context)
  const word = cursor.peek()
  if (word?.kind === 'word') throw notSupported(`ALTER TABLE … ${word.value.toUpperCase()}`)
  throw cursor.syntaxError()
}

async function add(
  cursor: TokenCursor,
  table: TableEntry,
  context: GateContext,
): Promise<AlterAction> {
  const word = ['constraint', 'unique', 'check', 'foreign'].find((one) => cursor.sees(one))
  if (word !== undefined) throw notSupported(`ALTER TABLE … ADD ${word.toUpperCase()}`)
  cursor.accept('column')
  const ifNotExists = cursor.accept('if', 'not', 'exists')
  const definition = readColumnDefinition(cursor)
  const { name, constraints } = definition
  const requires = requireAll(needOnTable('DDL', table), context.authority)
  checkNewName(name, 'column')
  const other = constraints.find(({ kind }) => kind !== 'default' && kind !== 'null')
  if (other) {
    throw notSupported(
      `adding a column with ${other.kind.toUpperCase()}`,
      'Add the column, fill it, and then write ALTER COLUMN … SET NOT NULL or ADD PRIMARY KEY.',
    )
  }
  const text = await definitionText(definition, context)
  const action = `ADD COLUMN ${ifNotExists ? 'IF NOT EXISTS ' : ''}${text}`
  const existing = columnOf(table, name)
  if (!existing) {
    return { text: action, requires, amends: keys(table, keysAfterAdding(table, name)) }
  }
  const reason = exists(existing, table)
  if (!ifNotExists) throw new GatewayError('duplicate_column', reason)
  return { text: action, requires, amends: [], notice: `${reason}, skipping` }
}

/**
 * The engine makes several statements of a column with a computed default, and prepares only one. It
 * sees a constant in a number, a text and NULL alone, so a cast of a text to the column's own type is
 * written as the text: the engine casts it to that type itself.
 */
async function definitionText(
  { name, type, constraints }: ColumnDefinition,
  context: GateContext,
): Promise<string> {
  const inText = ({ start, end }: Fragment) => context.statement.text.slice(start, end)
  const defaults = constraints.flatMap((one) => ('expression' in one ? [one.expression] : []))
  if (defaults.length > 1) throw new GatewayError('syntax_error', 'multiple default values')
  const { types, expressions } = await canonicalFragments(
    {
      columns: [{ name, type: inText(type) }],
      expressions: defaults.map((one) => ({ text: inText(one), kind: 'default' })),
    },
    context,
  )
  const column = `${quoteName(name)} ${present(types[0], 'a type')}`
  const [value] = expressions
  if (value === undefined) return column
  const [, text, ofType] = /^CAST\(('(?:[^']|'')*') AS (.+)\)$/s.exec(value) ?? []
  const constant = text !== undefined && ofType === types[0] ? text : value
  if (CONSTANT.test(constant)) return `${column} DEFAULT ${constant}`
  throw notSupported(
    'a computed default in ADD COLUMN',
    'Add the column, fill it with UPDATE, and then write ALTER COLUMN … SET DEFAULT.',
  )
}

const CONSTANT = /^(?:NULL|-?[0-9][0-9.eE+-]*|'(?:[^']|'')*')$/s

function drop(cursor: TokenCursor, table: TableEntry, context: GateContext): AlterAction {
  if (cursor.sees('constraint')) throw notSupported('ALTER TABLE … DROP CONSTRAINT')
  cursor.accept('column')
  const ifExists = cursor.accept('if', 'exists')
  const name = cursor.identifier()
  if (cursor.sees('cascade')) throw notSupported('DROP COLUMN … CASCADE')
  cursor.accept('restrict')
  const column = knownColumn(table, name, context)
  if (column) {
    const requires = requireAll(needToAlter(table, [column.name]), context.authority)
    if (table.columns.length === 1) {
      throw notSupported('dropping the only column', 'Drop the table.')
    }
    return {
      text: `DROP COLUMN ${quoteName(column.name)} RESTRICT`,
      requires,
      amends: keys(table, keysAfterDropping(table, column)),
    }
  }
  if (!ifExists) throw noSuchColumn(name, table)
  const notice = `column "${name}" of relation "${table.name}" does not exist, skipping`
  // the name may be that of a column that the role may not know of
  const nobody = quoteName(`nothing ${randomUUID()}`)
  return { text: `DROP COLUMN IF EXISTS ${nobody}`, requires: [], amends: [], notice }
}

function rename(cursor: TokenCursor, table: TableEntry, context: GateContext): AlterAction {
  cursor.accept('column')
  const column = readKnownColumn(cursor, table, context)
  const requires = requireAll(needToAlter(table, [column.name]), context.authority)
  cursor.expect('to')
  const to = cursor.identifier()
  checkNewName(to, 'column')
  const existing = columnOf(table, to)
  if (existing && existing !== column)
    throw new GatewayError('duplicate_column', exists(existing, table))
  return {
    text: `RENAME COLUMN ${quoteName(column.name)} TO ${quoteName(to)}`,
    requires,
    amends: keys(table, keysAfterRenaming(table, column, to)),
  }
}

async function alter(
  cursor: TokenCursor,
  table: TableEntry,
  context: GateContext,
): Promise<AlterAction> {
  cursor.accept('column')
  const column = readKnownColumn(cursor, table, context)
  const head = `ALTER COLUMN ${quoteName(column.name)}`
  const requires = requireAll(needToAlter(table, [column.name]), context.authority)
  if (cursor.accept('drop', 'default'))
    return { text: `${head} DROP DEFAULT`, requires, amends: [] }
  if (cursor.accept('drop', 'not', 'null')) {
    return { text: `${head} DROP NOT NULL`, requires, amends: [] }
  }
  if (cursor.accept('set', 'not', 'null')) {
    const read = requireAll(needToRead(table, new Set([column.name])), context.authority)
    return { text: `${head} SET NOT NULL`, requires: [...requires, ...read], amends: [] }
  }
  if (cursor.accept('set', 'default')) {
    const value = cutOut(cursor, context)
    const { expressions } = await canonicalFragments(
      {
        columns: [{ name: column.name, type: column.typeName }],
        expressions: [{ text: value, kind: 'default' }],
      },
      context,
    )
    const text = `${head} SET DEFAULT (${present(expressions[0], 'a default')})`
    return { text, requires, amends: [] }
  }
  if (cursor.accept('type') || cursor.accept('set', 'data', 'type')) {
    const changed = await changeType(cursor, table, column, context)
    return { ...changed, requires: [...requires, ...changed.requires] }
  }
  throw cursor.syntaxError()
}

/** USING may read every column of the table, so it needs SELECT on all of them. */
async function changeType(
  cursor: TokenCursor,
  table: TableEntry,
  column: ColumnEntry,
  context: GateContext,
): Promise<AlterAction> {
  const type = cutOut(cursor, context, 'using')
  const using = cursor.accept('using') ? cutOut(cursor, context) : undefined
  const read = using === undefined ? [column] : table.columns
  const requires = requireAll(
    needToRead(table, new Set(read.map(({ name }) => name))),
    context.authority,
  )
  const wanted = await canonicalFragments(
    { columns: [{ name: column.name, type }], expressions: [] },
    context,
  )
  const value =
    using === undefined
      ? undefined
      : await canonicalFragments(
          {
            columns: table.columns.map(({ name, typeName }) => ({ name, type: typeName })),
            expressions: [{ text: using, kind: 'check' }],
          },
          context,
        )
  return {
    text: [
      `ALTER COLUMN ${quoteName(column.name)} SET DATA TYPE ${present(wanted.types[0], 'a type')}`,
      ...(value ? [`USING (${present(value.expressions[0], 'a value')})`] : []),
    ].join(' '),
    requires,
    amends: [],
  }
}

function addPrimaryKey(cursor: TokenCursor, table: TableEntry, context: GateContext): AlterAction {
  const ddl = requireAll(needOnTable('DDL', table), context.authority)
  cursor.expectSymbol('(')
  const columns = cursor.list(() => readKnownColumn(cursor, table, context).name)
  cursor.expectSymbol(')')
  const read = requireAll(needToRead(table, new Set(columns)), context.authority)
  if (table.primaryKey.length > 0) {
    const reason = `multiple primary keys for table "${table.name}" are not allowed`
    throw new GatewayError('invalid_table_definition', reason)
  }
  return {
    text: `ADD PRIMARY KEY (${columns.map(quoteName).join(', ')})`,
    requires: [...ddl, ...read],
    amends: [],
  }
}

function readKnownColumn(
  cursor: TokenCursor,
  table: TableEntry,
  context: GateContext,
): ColumnEntry {
  const name = cursor.identifier()
  const column = knownColumn(table, name, context)
  if (!column) throw noSuchColumn(name, table)
  return column
}

/** One that the role holds nothing on looks like one that is not there. */
function knownColumn(
  table: TableEntry,
  name: string,
  { authority }: GateContext,
): ColumnEntry | undefined {
  const column = columnOf(table, name)
  const known = (['DDL', 'SELECT'] as const).some((permission) =>
    heldColumns(authority, permission, table).some((one) => one === column),
  )
  return known ? column : undefined
}

function columnOf({ columns }: TableEntry, name: string): ColumnEntry | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}

function exists(column: ColumnEntry, table: TableEntry): string {
  return `column "${column.name}" of relation "${table.name}" already exists`
}

function keys(table: TableEntry, after: readonly ColumnKey[]): AlterAction['amends'] {
  const never = after.length === 0 && keysOf(table).length === 0
  return never ? [] : [{ kind: 'column keys', id: table.id, keys: after }]
}

/** From here to `until`, a comma or the end, outside of brackets. */
function cutOut(cursor: TokenCursor, { statement }: GateContext, until?: string): string {
  const first = cursor.next()
  let last = first
  for (;;) {
    const token = cursor.peek()
    if (!token || (token.depth === 0 && isSymbol(token, ','))) break
    if (until !== undefined && token.depth === 0 && isWord(token, until)) break
    last = cursor.next()
  }
  return statement.text.slice(first.start, last.end)
}
