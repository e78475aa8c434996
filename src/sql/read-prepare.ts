/** PREPARE and EXECUTE. Source: PostgreSQL 15 manual, PREPARE, EXECUTE; gram.y, PreparableStmt. */
import type {
  ExecuteArgument,
  ExecuteStatement,
  PlainEngineStatement,
  Statement,
  StatementBody,
  StatementPlace,
} from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { isSymbol } from './token.ts'
import type { Token } from './token.ts'
import { unsupported } from './unsupported.ts'
import { wordSet } from './word-set.ts'

const FORMS: ReadonlySet<string> = new Set<PlainEngineStatement['form']>([
  'select',
  'insert',
  'update',
  'delete',
  'merge',
])

/** Whether SQL may keep a statement under a name, and run it by its name. */
export function isPreparable(
  statement: Statement,
): statement is StatementPlace & PlainEngineStatement {
  return statement.kind === 'engine' && FORMS.has(statement.form)
}

const HEADS = wordSet(`select insert update delete merge values table with from pivot unpivot
  describe desc summarize`)

/** @param readRest reads the statement that is prepared. */
export function readPrepare(
  cursor: TokenCursor,
  readRest: (tokens: readonly Token[]) => Statement,
): StatementBody {
  cursor.expect('prepare')
  const name = cursor.identifier()
  const types = cursor.acceptSymbol('(') ? readTypes(cursor) : []
  cursor.expect('as')
  const first = cursor.peek()
  if (!isSymbol(first, '(') && !(first?.kind === 'word' && HEADS.has(first.value))) {
    throw cursor.syntaxError()
  }
  const statement = readRest(cursor.rest)
  if (!isPreparable(statement)) return unsupported('PREPARE of this statement')
  return { kind: 'prepare', name, types, statement }
}

function readTypes(cursor: TokenCursor): string[] {
  const types = cursor.list(() => readType(cursor))
  cursor.expectSymbol(')')
  return types
}

/** Of `double precision`, `character varying`, `time with time zone`. */
const TYPE_ENDS = wordSet('precision varying with without time zone')

/** PostgreSQL does not look at the precision here either. */
function readType(cursor: TokenCursor): string {
  const words = [cursor.identifier()]
  let lists = ''
  for (;;) {
    const next = cursor.peek()
    if (next?.kind === 'word' && TYPE_ENDS.has(next.value)) words.push(cursor.next().value)
    else if (cursor.acceptSymbol('(')) skipTo(cursor, ')')
    else if (cursor.acceptSymbol('[')) {
      skipTo(cursor, ']')
      lists = '[]' // of any number of dimensions
    } else return words.join(' ') + lists
  }
}

function skipTo(cursor: TokenCursor, end: string): void {
  while (!cursor.acceptSymbol(end)) {
    const { kind, value } = cursor.peek() ?? {}
    if (kind !== 'number' && value !== ',') throw cursor.syntaxError()
    cursor.next()
  }
}

export function readExecute(cursor: TokenCursor): ExecuteStatement {
  cursor.expect('execute')
  const name = cursor.identifier()
  const values = cursor.acceptSymbol('(') ? cursor.list(() => readArgument(cursor)) : []
  if (values.length > 0) cursor.expectSymbol(')')
  cursor.expectEnd()
  return { kind: 'engine', form: 'execute', name, arguments: values }
}

/** Up to the comma or the bracket behind it. */
function readArgument(cursor: TokenCursor): ExecuteArgument {
  const tokens: Token[] = []
  for (let token = cursor.peek(); token && !endsArgument(token); token = cursor.peek()) {
    tokens.push(cursor.next())
  }
  const [first] = tokens
  if (!first) throw cursor.syntaxError()
  const constant = constantOf(tokens, cursor.text)
  return { start: first.start, ...(constant && { constant }) }
}

/** The brackets of the arguments are at depth 0. */
function endsArgument(token: Token): boolean {
  return (token.depth === 1 && isSymbol(token, ',')) || (token.depth === 0 && isSymbol(token, ')'))
}

function constantOf(tokens: readonly Token[], text: string): ExecuteArgument['constant'] {
  const [first, second, third] = tokens
  if (!first || third) return undefined
  if (second) {
    const negative = isSymbol(first, '-') && isDecimal(second)
    return negative ? { kind: 'number', text: `-${second.value}` } : undefined
  }
  if (first.kind === 'string') {
    // not the bit strings b'…' and x'…'
    return /['$eE]/.test(text.charAt(first.start))
      ? { kind: 'string', text: first.value }
      : undefined
  }
  if (isDecimal(first)) return { kind: 'number', text: first.value }
  if (first.kind !== 'word') return undefined
  if (first.value === 'null') return { kind: 'null' }
  return ['true', 'false'].includes(first.value)
    ? { kind: 'boolean', text: first.value }
    : undefined
}

function isDecimal({ kind, value }: Token): boolean {
  return kind === 'number' && /^\d+(\.\d+)?$/.test(value)
}
