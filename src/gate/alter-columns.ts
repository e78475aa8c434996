/**
 * The actions of ALTER TABLE on columns: the texts for the engine, which takes one action each.
 *
 * They are done in PostgreSQL's order, whatever the order they are written in: what is dropped goes first,
 * then types change, then columns come, and then what is said of columns. Each is held against the
 * table as those before it leave it.
 *
 * Rights come first: names and types of columns are told only to those who hold them.
 */
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { ColumnEntry, TableEntry } from '../catalog/catalog-snapshot.ts'
import {
  keysAfterAdding,
  keysAfterDropping,
  keysAfterRenaming,
  keysOf,
} from '../catalog/column-keys.ts'
import { parseTypeName } from '../columnar/parse-type-name.ts'
import type { ColumnKey, RegistryAmendment } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'
import type {
  AddPrimaryKey,
  AlterAction,
  ChangeColumn,
  ChangeType,
  DropColumn,
  RenameColumn,
} from './alter-action.ts'
import { rightsToAlter } from './alter-rights.ts'
import type { Fragment } from './column-definitions.ts'
import type { GateContext } from './gate-context.ts'
import { dropOwnSequences } from './identity-text.ts'
import { columnNamed, knownColumn } from './known-column.ts'
import { computedNotNull, newColumnText } from './new-column.ts'
import type { NewColumn } from './new-column.ts'
import { checkNewName } from './new-name.ts'
import { plannedActions } from './planned-action.ts'
import type { PlannedAction } from './planned-action.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { noSuchColumn, notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { canonicalFragments } from './table-fragments.ts'

/** What an action does. */
interface Done {
  /** Behind `ALTER TABLE name`. */
  readonly texts: readonly string[]
  /** Behind `UPDATE name SET`, when all else is done: the engine alters no table with new values. */
  readonly fill?: string
  /** Whole statements, behind all else. */
  readonly finally?: readonly string[]
  /** Absent: the columns and their keys are what they were. */
  readonly after?: TableEntry
  /** Why there was nothing to do, with IF [NOT] EXISTS. */
  readonly skipped?: string
}

export interface AlteredColumns {
  /** Whole statements; none when there is nothing to do. */
  readonly texts: readonly string[]
  readonly requires: readonly Requirement[]
  readonly amends: readonly RegistryAmendment[]
  /** Why actions with IF [NOT] EXISTS do nothing. */
  readonly skipped: readonly string[]
}

export async function alterColumns(
  written: readonly AlterAction[],
  table: TableEntry,
  context: GateContext,
): Promise<AlteredColumns> {
  const actions = await plannedActions(written, context)
  const requires = requireAll(rightsToAlter(actions, table, context), context.authority)
  refuseTypeTwice(actions)
  refuseFilledLate(actions)
  let now = table
  const done: Done[] = []
  for (const action of inOrder(actions)) {
    const one = await perform(action, now, actions.length === 1, context)
    if (one.texts.length > 0 && !keepsIndexes(action)) refuseBeneathIndex(table)
    now = one.after ?? now
    done.push(one)
  }
  const { schema, name } = table
  const full = quoteFullName(schema.database.name, schema.name, name)
  return {
    texts: [
      ...done.flatMap(({ texts }) => texts.map((text) => `ALTER TABLE ${full} ${text}`)),
      ...done.flatMap(({ fill }) => (fill === undefined ? [] : [`UPDATE ${full} SET ${fill}`])),
      ...done.flatMap((one) => one.finally ?? []),
    ],
    requires,
    amends: amendedKeys(table, now),
    skipped: done.flatMap(({ skipped }) => skipped ?? []),
  }
}

/** Source: PostgreSQL, tablecmds.c, the passes of ALTER TABLE. */
const ORDER: readonly (readonly PlannedAction['kind'][])[] = [
  ['rename', 'drop', 'drop default', 'drop not null'],
  ['type'],
  ['add'],
  ['set not null'],
  ['primary key'],
  ['set default'],
]

function inOrder(actions: readonly PlannedAction[]): PlannedAction[] {
  return ORDER.flatMap((kinds) => actions.filter(({ kind }) => kinds.includes(kind)))
}

function refuseTypeTwice(actions: readonly PlannedAction[]): void {
  const names = actions.flatMap((one) => (one.kind === 'type' ? [one.name.toLowerCase()] : []))
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice === undefined) return
  const reason = `cannot alter type of column "${twice}" twice`
  throw new GatewayError('feature_not_supported', reason)
}

/** A computed default fills the new column last: nothing can be asked of its values before. */
function refuseFilledLate(actions: readonly PlannedAction[]): void {
  const filled = new Set(
    actions.flatMap((one) =>
      one.kind === 'add' && one.column.computed !== undefined
        ? [one.column.name.toLowerCase()]
        : [],
    ),
  )
  const asked = actions.flatMap((one) => {
    if (one.kind === 'set not null') return [one.name]
    return one.kind === 'primary key' ? one.columns : []
  })
  if (asked.some((name) => filled.has(name.toLowerCase()))) throw computedNotNull()
}

/** What the engine does to a table with an index. */
function keepsIndexes(action: PlannedAction): boolean {
  if (action.kind === 'add') return !action.column.notNull
  return action.kind === 'set default' || action.kind === 'drop default'
}

/** @throws GatewayError `dependent_objects_still_exist` for a table with an index. */
export function refuseBeneathIndex({ name, indexes: [index] }: TableEntry): void {
  if (index === undefined) return
  throw new GatewayError(
    'dependent_objects_still_exist',
    `cannot alter table "${name}" because index "${index}" depends on it`,
    { hint: 'Drop the index, alter the table, and create the index again.' },
  )
}

async function perform(
  action: PlannedAction,
  table: TableEntry,
  alone: boolean,
  context: GateContext,
): Promise<Done> {
  switch (action.kind) {
    case 'rename':
      return rename(action, table, context)
    case 'add':
      return add(action.column, table)
    case 'drop':
      return drop(action, table, context)
    case 'primary key':
      return addPrimaryKey(action, table, context)
    case 'drop default':
    case 'drop not null':
    case 'set not null':
    case 'set default':
    case 'type':
      return await change(action, table, alone, context)
  }
}

function add(column: NewColumn, table: TableEntry): Done {
  const { name, typeName, computed, notNull } = column
  checkNewName(name, 'column')
  const existing = columnNamed(table, name)
  if (existing) {
    const reason = exists(existing, table)
    if (!column.ifNotExists) throw new GatewayError('duplicate_column', reason)
    return { texts: [], skipped: reason }
  }
  const quoted = quoteName(name)
  const of = `ALTER COLUMN ${quoted}`
  return {
    texts: [
      `ADD COLUMN ${newColumnText(column)}`,
      ...(notNull ? [`${of} SET NOT NULL`] : []),
      ...(computed === undefined ? [] : [`${of} SET DEFAULT (${computed})`]),
    ],
    ...(computed !== undefined && { fill: `${quoted} = (${computed})` }),
    after: withKeys(table, keysAfterAdding(table, name), [
      ...table.columns,
      {
        name,
        typeName,
        type: parseTypeName(typeName),
        nullable: !notNull,
        defaultExpression: undefined,
        key: name,
      },
    ]),
  }
}

function drop({ name, ifExists }: DropColumn, table: TableEntry, context: GateContext): Done {
  const column = knownColumn(table, name, context)
  if (!column) {
    if (!ifExists) throw noSuchColumn(name, table)
    return { texts: [], skipped: noSuchColumn(name, table).message }
  }
  if (table.columns.length === 1) throw notSupported('dropping the only column', 'Drop the table.')
  const others = table.columns.filter((one) => one !== column)
  return {
    texts: [`DROP COLUMN ${quoteName(column.name)} RESTRICT`],
    finally: dropOwnSequences([column]),
    after: {
      ...withKeys(table, keysAfterDropping(table, column), others),
      primaryKey: table.primaryKey.includes(column.name) ? [] : table.primaryKey,
    },
  }
}

function rename({ name, to }: RenameColumn, table: TableEntry, context: GateContext): Done {
  const column = namedColumn(table, name, context)
  checkNewName(to, 'column')
  const existing = columnNamed(table, to)
  if (existing && existing !== column) {
    throw new GatewayError('duplicate_column', exists(existing, table))
  }
  const columns = table.columns.map((one) => (one === column ? { ...one, name: to } : one))
  return {
    texts: [`RENAME COLUMN ${quoteName(column.name)} TO ${quoteName(to)}`],
    after: withKeys(table, keysAfterRenaming(table, column, to), columns),
  }
}

async function change(
  action: ChangeColumn,
  table: TableEntry,
  alone: boolean,
  context: GateContext,
): Promise<Done> {
  const column = namedColumn(table, action.name, context)
  if (column.identity && action.kind !== 'set not null') throw isIdentity(column, table, action)
  const head = `ALTER COLUMN ${quoteName(column.name)}`
  switch (action.kind) {
    case 'drop default':
    case 'drop not null':
    case 'set not null':
      return { texts: [`${head} ${action.kind.toUpperCase()}`] }
    case 'set default': {
      const { expressions } = await canonicalFragments(
        {
          columns: [{ name: column.name, type: column.typeName }],
          expressions: [{ text: inText(action.value, context), kind: 'default' }],
        },
        context,
      )
      return { texts: [`${head} SET DEFAULT (${present(expressions[0], 'a default')})`] }
    }
    case 'type':
      return await changeType(action, column, table, alone, context)
  }
}

function isIdentity({ name }: ColumnEntry, table: TableEntry, { kind }: ChangeColumn) {
  if (kind === 'type') return notSupported('changing the type of an identity column')
  const reason = `column "${name}" of relation "${table.name}" is an identity column`
  return new GatewayError('syntax_error', reason)
}

async function changeType(
  { type, using }: ChangeType,
  column: ColumnEntry,
  table: TableEntry,
  alone: boolean,
  context: GateContext,
): Promise<Done> {
  const { types } = await canonicalFragments(
    { columns: [{ name: column.name, type: inText(type, context) }], expressions: [] },
    context,
  )
  const typeName = present(types[0], 'a type')
  const value = using && (await usedValue(using, column, table, alone, context))
  const columns = table.columns.map((one) =>
    one === column ? { ...one, typeName, type: parseTypeName(typeName) } : one,
  )
  return {
    texts: [
      `ALTER COLUMN ${quoteName(column.name)} SET DATA TYPE ${typeName}${value === undefined ? '' : ` USING (${value})`}`,
    ],
    after: { ...table, columns },
  }
}

/**
 * Of several actions each sees what those before it made; in PostgreSQL all see the table as it was. So a
 * value may be made of its own column alone there, which no other action has touched.
 */
async function usedValue(
  using: Fragment,
  column: ColumnEntry,
  table: TableEntry,
  alone: boolean,
  context: GateContext,
): Promise<string> {
  const columns = alone ? table.columns : [column]
  const fragments = {
    columns: columns.map(({ name, typeName }) => ({ name, type: typeName })),
    expressions: [{ text: inText(using, context), kind: 'using' as const }],
  }
  try {
    const { expressions } = await canonicalFragments(fragments, context)
    return present(expressions[0], 'a value')
  } catch (thrown) {
    if (alone || !(thrown instanceof GatewayError) || thrown.kind !== 'undefined_column')
      throw thrown
    throw notSupported(
      'USING of another column beside other actions',
      'Write this action as a statement of its own.',
    )
  }
}

function addPrimaryKey({ columns }: AddPrimaryKey, table: TableEntry, context: GateContext): Done {
  const names = columns.map((name) => namedColumn(table, name, context).name)
  if (table.primaryKey.length > 0) {
    const reason = `multiple primary keys for table "${table.name}" are not allowed`
    throw new GatewayError('invalid_table_definition', reason)
  }
  return {
    texts: [`ADD PRIMARY KEY (${names.map(quoteName).join(', ')})`],
    after: { ...table, primaryKey: names },
  }
}

function namedColumn(table: TableEntry, name: string, context: GateContext): ColumnEntry {
  const column = knownColumn(table, name, context)
  if (!column) throw noSuchColumn(name, table)
  return column
}

function exists(column: ColumnEntry, table: TableEntry): string {
  return `column "${column.name}" of relation "${table.name}" already exists`
}

/** The table with these columns, and their keys. */
function withKeys(
  table: TableEntry,
  keys: readonly ColumnKey[],
  columns: readonly ColumnEntry[],
): TableEntry {
  const byColumn = new Map(keys.map(({ column, key }) => [column, key]))
  return {
    ...table,
    columns: columns.map((one) => ({ ...one, key: byColumn.get(one.name) ?? one.name })),
    retiredKeys: keys.flatMap(({ column, key }) => (column === null ? [key] : [])),
  }
}

function amendedKeys(before: TableEntry, after: TableEntry): RegistryAmendment[] {
  const keys = keysOf(after)
  const same = JSON.stringify(keys) === JSON.stringify(keysOf(before))
  return same ? [] : [{ kind: 'column keys', id: after.id, keys }]
}

function inText({ start, end }: Fragment, { statement }: GateContext): string {
  return statement.text.slice(start, end)
}
