/** Writes the brackets of CREATE TABLE from canonical fragments and quoted names. */
import { GatewayError } from '../base/gateway-error.ts'
import { present } from '../base/assert.ts'
import type { ColumnConstraint, Fragment, TableDefinition } from './column-definitions.ts'
import type { GateContext } from './gate-context.ts'
import { checkNewName } from './new-name.ts'
import { quoteName } from './quote-name.ts'
import { canonicalFragments } from './table-fragments.ts'
import type { TableExpression } from './table-fragments.ts'

/** @throws GatewayError when a fragment is wrong, or a name. */
export async function tableDefinitionText(
  definition: TableDefinition,
  context: GateContext,
): Promise<string> {
  const { columns, constraints } = definition
  checkColumnNames(definition)
  const cutOut = ({ start, end }: Fragment) => context.statement.text.slice(start, end)
  const expressions = [...columns.flatMap((column) => column.constraints), ...constraints].flatMap(
    (constraint): TableExpression[] =>
      'expression' in constraint
        ? [{ text: cutOut(constraint.expression), kind: constraint.kind }]
        : [],
  )
  const canonical = await canonicalFragments(
    { columns: columns.map(({ name, type }) => ({ name, type: cutOut(type) })), expressions },
    context,
  )
  const texts = canonical.expressions.values() // taken in the order in which they were put in
  const lines = [
    ...columns.map(({ name, constraints: own }, index) =>
      [
        quoteName(name),
        present(canonical.types[index], 'one type per column'),
        ...own.map((constraint) => columnConstraintText(constraint, texts)),
      ].join(' '),
    ),
    ...constraints.map((constraint) =>
      constraint.kind === 'check'
        ? `CHECK (${nextOf(texts)})`
        : `${constraint.kind.toUpperCase()} (${constraint.columns.map((name) => quoteName(columnNamed(name, definition))).join(', ')})`,
    ),
  ]
  return `(${lines.join(', ')})`
}

function columnConstraintText(constraint: ColumnConstraint, texts: Iterator<string>): string {
  if (constraint.kind === 'default') return `DEFAULT (${nextOf(texts)})`
  if (constraint.kind === 'check') return `CHECK (${nextOf(texts)})`
  return constraint.kind.toUpperCase()
}

function nextOf(texts: Iterator<string>): string {
  return present(texts.next().value, 'one text per expression')
}

function columnNamed(name: string, { columns }: TableDefinition): string {
  const found = columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  if (found) return found.name
  throw new GatewayError('undefined_column', `column "${name}" named in key does not exist`)
}

function checkColumnNames({ columns }: TableDefinition): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    checkNewName(name, 'column')
    if (seen.has(name.toLowerCase())) {
      throw new GatewayError('duplicate_column', `column "${name}" specified more than once`, {
        hint: 'Names that differ only in case are the same name here.',
      })
    }
    seen.add(name.toLowerCase())
  }
  if (columns.length === 0) {
    throw new GatewayError('feature_not_supported', 'a table needs at least one column')
  }
}
