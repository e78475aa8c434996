/**
 * The column of ADD COLUMN, as far as it can be told without its table: type, default, NOT NULL.
 *
 * The engine makes several statements of a column with a computed default, and takes only one. So a
 * computed default is written apart: the rows that are there get their values by an UPDATE, because
 * of an ALTER the engine's log holds the text alone, and a value of chance or of the clock would be
 * another one after a crash.
 */
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { AddColumn } from './alter-action.ts'
import type { Fragment } from './column-definitions.ts'
import type { GateContext } from './gate-context.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { canonicalFragments } from './table-fragments.ts'

export interface NewColumn {
  readonly name: string
  readonly ifNotExists: boolean
  readonly typeName: string
  /** What the rows that are there get: a constant of the engine's grammar. */
  readonly constant: string
  /** What each row gets, computed for itself. */
  readonly computed: string | undefined
  readonly notNull: boolean
}

/** @throws GatewayError what is wrong with its type or default, or is not offered. */
export async function newColumn(
  { definition, ifNotExists }: AddColumn,
  context: GateContext,
): Promise<NewColumn> {
  const { name, type, constraints } = definition
  const inText = ({ start, end }: Fragment) => context.statement.text.slice(start, end)
  const other = constraints.find(({ kind }) => !['default', 'null', 'not null'].includes(kind))
  if (other) {
    throw notSupported(
      `adding a column with ${other.kind.toUpperCase()}`,
      'Add the column, fill it, and then write ALTER TABLE … ADD PRIMARY KEY.',
    )
  }
  const nullness = new Set(constraints.map(({ kind }) => kind).filter((kind) => kind !== 'default'))
  if (nullness.size > 1) {
    const reason = `conflicting NULL/NOT NULL declarations for column "${name}"`
    throw new GatewayError('syntax_error', reason)
  }
  const defaults = constraints.flatMap((one) => ('expression' in one ? [one.expression] : []))
  if (defaults.length > 1) throw new GatewayError('syntax_error', 'multiple default values')
  const { types, expressions } = await canonicalFragments(
    {
      columns: [{ name, type: inText(type) }],
      expressions: defaults.map((one) => ({ text: inText(one), kind: 'default' })),
    },
    context,
  )
  const typeName = present(types[0], 'a type')
  const [value = 'NULL'] = expressions
  const constant = constantOf(value, typeName)
  const notNull = nullness.has('not null')
  if (constant === undefined && notNull) throw computedNotNull()
  return {
    name,
    ifNotExists,
    typeName,
    constant: constant ?? 'NULL',
    computed: constant === undefined ? value : undefined,
    notNull,
  }
}

export function computedNotNull(): GatewayError {
  return notSupported(
    'adding a column with NOT NULL and a computed default',
    'Add the column with its default, and then write ALTER TABLE … ALTER COLUMN … SET NOT NULL.',
  )
}

/** That it can be added, or not, tells whether the table has rows. */
export function tellsOfRows({ constant, computed, notNull }: NewColumn): boolean {
  return computed !== undefined || (notNull && constant === 'NULL')
}

export function newColumnText({ name, typeName, constant }: NewColumn): string {
  const column = `${quoteName(name)} ${typeName}`
  return constant === 'NULL' ? column : `${column} DEFAULT ${constant}`
}

/**
 * The engine sees a constant in a number, a text and NULL alone, so a cast of a text to the column's
 * own type is written as the text: the engine casts it to that type itself.
 */
function constantOf(value: string, typeName: string): string | undefined {
  const [, text, ofType] = /^CAST\(('(?:[^']|'')*') AS (.+)\)$/s.exec(value) ?? []
  const constant = text !== undefined && ofType === typeName ? text : value
  return CONSTANT.test(constant) ? constant : undefined
}

const CONSTANT = /^(?:NULL|-?[0-9][0-9.eE+-]*|'(?:[^']|'')*')$/s
