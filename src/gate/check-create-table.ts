/**
 * CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name (columns and constraints), and
 * CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name [(columns)] AS query [WITH [NO] DATA].
 *
 * A table that is put in the place of another one is a new one: what was granted on the old one is
 * gone with it.
 */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import type { SchemaEntry } from '../catalog/catalog-snapshot.ts'
import { TEMPORARY_SCHEMA } from '../catalog/temporary.ts'
import type { Requirement } from '../identity/permission.ts'
import type { TokenCursor } from '../sql/token-cursor.ts'
import { isSymbol, isWord } from '../sql/token.ts'
import type { Token } from '../sql/token.ts'
import { checkQuery } from './check-query.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { readTableDefinition } from './column-definitions.ts'
import { atOffset } from './fragment.ts'
import type { GateContext } from './gate-context.ts'
import { readHead } from './head-cursor.ts'
import { dropOwnSequences } from './identity-text.ts'
import { readColumnNames, readNewRelation, skipping } from './new-relation.ts'
import type { NewRelation } from './new-relation.ts'
import type { ParameterTypes } from './parameter-types.ts'
import { quoteName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { tableDefinitionText } from './table-definition-text.ts'

export async function checkCreateTable(
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<CheckedStatement> {
  const { cursor, tokens } = readHead(context)
  const made = readNewRelation(cursor, context, 'table')
  const { schema, name, fullName, replaced, kept } = made
  const body = isQuery(cursor)
    ? await readQuery(cursor, tokens, schema, context, parameterTypes)
    : {
        ...(await tableDefinitionText(readDefinition(cursor, schema), schema, context)),
        requires: [],
        rows: false,
      }
  if (body.rows === false) context.sequences.mustBeIn(schema.database.name)
  if (kept) return skipped(made, kept.name)
  const after = dropOwnSequences(replaced?.columns ?? [])
  if (after.length > 0 && body.rows) {
    throw notSupported(
      'CREATE OR REPLACE TABLE … AS in place of a table with an identity column',
      'Drop that table first.',
    )
  }
  const create = `CREATE ${replaced ? 'OR REPLACE ' : ''}${kindOf(made)} ${fullName} ${body.text}`
  const [text = create, ...further] = [...body.before, create, ...after]
  return {
    text,
    further,
    action: {
      kind: 'define',
      tag: 'CREATE TABLE',
      database: schema.database.name,
      registers: [{ id: randomUUID(), kind: 'table', schema: schema.name, name }],
      unregisters: replaced ? [replaced.id] : [],
      countsRows: body.rows,
    },
    requires: [...made.requires, ...body.requires],
    personal: false,
    reusable: false,
  }
}

/** The engine wants to be told besides the name of the database. */
function kindOf({ schema }: NewRelation): string {
  return schema === TEMPORARY_SCHEMA ? 'TEMP TABLE' : 'TABLE'
}

/** `AS`, or a list of bare names and then `AS`. */
function isQuery(cursor: TokenCursor): boolean {
  if (cursor.sees('as') || cursor.sees('on', 'commit')) return true
  if (!cursor.seesSymbol('(')) return false
  const depth = cursor.peek()?.depth
  let close = 1
  for (;;) {
    const token = cursor.peek(close)
    if (!token) return false
    if (isSymbol(token, ')') && token.depth === depth) break
    close += 1
  }
  // … ) AS, or … ) ON COMMIT PRESERVE ROWS AS
  return [close + 1, close + 5].some((ahead) => isWord(cursor.peek(ahead), 'as'))
}

/** What a temporary table holds after COMMIT: all that it held before. The engine has nothing else. */
function readOnCommit(cursor: TokenCursor, schema: SchemaEntry): void {
  if (!cursor.accept('on', 'commit')) return
  if (schema !== TEMPORARY_SCHEMA) {
    throw new GatewayError(
      'invalid_table_definition',
      'ON COMMIT can only be used on temporary tables',
    )
  }
  if (cursor.accept('preserve', 'rows')) return
  throw notSupported(
    `ON COMMIT ${cursor.next().value.toUpperCase()}`,
    'Drop or empty the table at the end of the transaction.',
  )
}

function readDefinition(cursor: TokenCursor, schema: SchemaEntry) {
  const definition = readTableDefinition(cursor)
  readOnCommit(cursor, schema)
  const next = cursor.peek()
  if (next?.kind === 'word') throw notSupported(`CREATE TABLE … ${next.value.toUpperCase()}`)
  cursor.expectEnd()
  return definition
}

interface TableBody {
  readonly text: string
  /** Whole statements, to be run before. */
  readonly before: readonly string[]
  readonly requires: readonly Requirement[]
  readonly rows: boolean
}

async function readQuery(
  cursor: TokenCursor,
  tokens: readonly Token[],
  schema: SchemaEntry,
  context: GateContext,
  parameterTypes: ParameterTypes,
): Promise<TableBody> {
  const names = readColumnNames(cursor)
  const columns = names.length === 0 ? '' : `(${names.map(quoteName).join(', ')}) `
  readOnCommit(cursor, schema)
  cursor.expect('as')
  const { end, data } = readTail(tokens)
  const start = cursor.peek()?.start
  if (start === undefined || start >= end) throw cursor.syntaxError()
  const { text, requires } = await atOffset(
    context,
    start,
    (fragment) => checkQuery(fragment, parameterTypes),
    end,
  )
  return {
    text: `${columns}AS ${text}${data ? '' : ' WITH NO DATA'}`,
    before: [],
    requires,
    rows: true,
  }
}

/** Where the query ends: WITH [NO] DATA is no part of it. */
function readTail(tokens: readonly Token[]): { readonly end: number; readonly data: boolean } {
  const last = tokens.length - 1
  const end = tokens[last]?.end ?? 0
  if (!isWord(tokens[last], 'data')) return { end, data: true }
  const no = isWord(tokens[last - 1], 'no')
  const from = no ? last - 2 : last - 1
  return isWord(tokens[from], 'with')
    ? { end: tokens[from - 1]?.end ?? 0, data: !no }
    : { end, data: true }
}

/** IF NOT EXISTS, and it does: the statement does nothing. */
function skipped(made: NewRelation, name: string): CheckedStatement {
  const { schema, fullName, requires } = made
  return {
    text: `CREATE ${kindOf(made)} IF NOT EXISTS ${fullName} ("nothing" INTEGER)`,
    action: {
      kind: 'define',
      tag: 'CREATE TABLE',
      database: schema.database.name,
      registers: [],
      unregisters: [],
      countsRows: false,
      notices: [skipping(name)],
    },
    requires,
    personal: false,
    reusable: false,
  }
}
