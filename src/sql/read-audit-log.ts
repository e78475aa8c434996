/** AUDITLOG with its filters, each at most once, in any order. Source: BLUE SQL, AUDITLOG. */
import { readString } from './read-argument.ts'
import type { AuditLogStatement, StatementBody } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'

/** Lists beyond this length are a mistake: the filter compares every record with each of them. */
const LIST_ITEMS_MAX = 1_000

export function readAuditLog(cursor: TokenCursor): StatementBody {
  cursor.next()
  let statement: AuditLogStatement = { kind: 'auditlog' }
  while (!cursor.done) {
    const before = cursor.peek()
    const filter = readFilter(cursor)
    const repeated = Object.keys(filter).some((name) => name in statement)
    if (repeated)
      throw cursor.syntaxError(`The filter ${before?.value.toUpperCase()} is there twice.`)
    statement = { ...statement, ...filter }
  }
  return statement
}

function readFilter(cursor: TokenCursor): Omit<AuditLogStatement, 'kind'> {
  if (cursor.accept('timeframe')) {
    cursor.expect('from')
    const from = readString(cursor)
    cursor.expect('to')
    return { from, to: readString(cursor) }
  }
  const list = cursor.acceptOneOf(LISTS)
  if (list) {
    cursor.expect('in')
    return { [LIST_NAMES[list]]: readList(cursor) }
  }
  const pattern = cursor.acceptOneOf(PATTERNS)
  if (pattern) {
    cursor.expect('like')
    return { [PATTERN_NAMES[pattern]]: readString(cursor) }
  }
  cursor.expect('initiated')
  cursor.expect('by')
  return { initiatedBy: readInitiators(cursor) }
}

const LIST_NAMES = {
  username: 'usernames',
  sessionid: 'sessionIds',
  queryid: 'queryIds',
  status: 'statuses',
  category: 'categories',
} as const

const LISTS = ['username', 'sessionid', 'queryid', 'status', 'category'] as const

/** BLUE's own table of options has the second spelling of the first. */
const PATTERN_NAMES = {
  additionaldetails: 'additionalDetailsLike',
  additonaldetails: 'additionalDetailsLike',
  errordetails: 'errorDetailsLike',
} as const

const PATTERNS = ['additionaldetails', 'additonaldetails', 'errordetails'] as const

function readList(cursor: TokenCursor): string[] {
  cursor.expectSymbol('(')
  const items = cursor.list(() => readItem(cursor))
  cursor.expectSymbol(')')
  if (items.length > LIST_ITEMS_MAX) {
    throw cursor.syntaxError(`A list may have ${LIST_ITEMS_MAX} items.`)
  }
  return items
}

/** `External`, `(CLI, Jobs)` or `ALL`, in lower case. */
export function readInitiators(cursor: TokenCursor): string[] {
  const items = cursor.seesSymbol('(') ? readList(cursor) : cursor.list(() => readItem(cursor))
  return items.map((item) => item.toLowerCase())
}

/** A string as it is; a word as the client wrote it: client names are case-sensitive. */
function readItem(cursor: TokenCursor): string {
  const token = cursor.peek()
  if (!token || !['string', 'word', 'quoted', 'number'].includes(token.kind)) {
    throw cursor.syntaxError()
  }
  cursor.next()
  return token.kind === 'word' ? cursor.text.slice(token.start, token.end) : token.value
}
