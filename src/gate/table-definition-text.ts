/** Writes the brackets of CREATE TABLE from canonical fragments and quoted names. */
import { GatewayError } from '../base/gateway-error.ts'
import { present } from '../base/assert.ts'
import type { IdentityColumn, SchemaEntry } from '../catalog/catalog-snapshot.ts'
import { newIdentity } from '../catalog/identity-column.ts'
import type {
  ColumnConstraint,
  ColumnDefinition,
  Fragment,
  TableDefinition,
} from './column-definitions.ts'
import type { GateContext } from './gate-context.ts'
import { createOwnSequence, drawFromOwn } from './identity-text.ts'
import { checkNewName } from './new-name.ts'
import { quoteName } from './quote-name.ts'
import { identityOptions } from './read-identity.ts'
import { checkNameable } from './sequence-options.ts'
import { canonicalFragments } from './table-fragments.ts'
import type { TableExpression } from './table-fragments.ts'

export interface TableDefinitionText {
  /** With its brackets. */
  readonly text: string
  /** Whole statements, to be run before: the sequences of identity columns. */
  readonly before: readonly string[]
}

/**
 * @param schema that the table goes to.
 * @throws GatewayError when a fragment is wrong, or a name.
 */
export async function tableDefinitionText(
  definition: TableDefinition,
  schema: SchemaEntry,
  context: GateContext,
): Promise<TableDefinitionText> {
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
    {
      columns: columns.map(({ name, type, serial }) => ({ name, type: serial ?? cutOut(type) })),
      expressions,
    },
    context,
  )
  const texts = canonical.expressions.values() // taken in the order in which they were put in
  const before: string[] = []
  const lines = [
    ...columns.map((column, index) => {
      const type = present(canonical.types[index], 'one type per column')
      const identity = identityOf(column, type, schema)
      if (identity) before.push(createOwnSequence(identity))
      return [
        quoteName(column.name),
        type,
        ...column.constraints
          .filter(({ kind }) => kind !== 'identity')
          .map((constraint) => columnConstraintText(constraint, texts)),
        ...(identity ? [`NOT NULL DEFAULT (${drawFromOwn(identity)})`] : []),
      ].join(' ')
    }),
    ...constraints.map((constraint) =>
      constraint.kind === 'check'
        ? `CHECK (${nextOf(texts)})`
        : `${constraint.kind.toUpperCase()} (${constraint.columns.map((name) => quoteName(columnNamed(name, definition))).join(', ')})`,
    ),
  ]
  return { text: `(${lines.join(', ')})`, before }
}

function columnConstraintText(constraint: ColumnConstraint, texts: Iterator<string>): string {
  if (constraint.kind === 'default') return `DEFAULT (${nextOf(texts)})`
  if (constraint.kind === 'check') return `CHECK (${nextOf(texts)})`
  return constraint.kind.toUpperCase()
}

/** Such a column is NOT NULL, and has its values from nowhere else. */
function identityOf(
  { name, constraints }: ColumnDefinition,
  typeName: string,
  schema: SchemaEntry,
): IdentityColumn | undefined {
  const [written, second] = constraints.filter((one) => one.kind === 'identity')
  if (!written) return undefined
  const conflict = (what: string) =>
    new GatewayError('syntax_error', `${what} for column "${name}"`)
  if (second) throw conflict('multiple identity specifications')
  if (constraints.some(({ kind }) => kind === 'default')) {
    throw conflict('both default and identity specified')
  }
  if (constraints.some(({ kind }) => kind === 'null')) {
    throw conflict('conflicting NULL/NOT NULL declarations')
  }
  const options = identityOptions(written.options, typeName)
  checkNameable(schema.database.name)
  return newIdentity({ generation: written.generation, options }, schema)
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
