/**
 * SET, SHOW and RESET in PostgreSQL's forms.
 *
 * What a setting means and which values it takes is the session's matter. The spellings that are
 * not `name = value` (TIME ZONE, NAMES, SCHEMA …) get the name of the setting they stand for.
 */
import type { StatementBody } from './statement.ts'
import { readModesToEnd } from './read-transaction-statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { unsupported } from './unsupported.ts'

export function readSet(cursor: TokenCursor): StatementBody {
  cursor.expect('set')
  const unoffered = UNOFFERED.find((word) => cursor.sees(word) && cursor.peek(1)?.kind === 'word')
  if (unoffered) return unsupported(`SET ${unoffered.toUpperCase()}`)
  if (cursor.accept('session', 'characteristics', 'as', 'transaction')) {
    return { kind: 'set_transaction', scope: 'session', modes: readModesToEnd(cursor) }
  }
  if (cursor.accept('session', 'authorization')) {
    return set('session', 'session_authorization', readWordOrDefault(cursor))
  }
  const scope = cursor.acceptOneOf(['session', 'local']) ?? 'session'
  if (cursor.sees('transaction') && cursor.peek(1)?.kind === 'word') {
    cursor.expect('transaction')
    if (cursor.sees('snapshot')) return unsupported('SET TRANSACTION SNAPSHOT')
    return { kind: 'set_transaction', scope: 'transaction', modes: readModesToEnd(cursor) }
  }
  return readAssignment(cursor, scope)
}

/** Of the engine or of PostgreSQL, and no setting of a session. */
const UNOFFERED = ['global', 'persist', 'variable', 'constraints', 'xml'] as const

function readAssignment(cursor: TokenCursor, scope: 'session' | 'local'): StatementBody {
  if (cursor.accept('time', 'zone')) {
    cursor.accept('interval')
    const values = readValues(cursor)
    readIntervalUnits(cursor)
    cursor.expectEnd()
    return set(scope, 'timezone', values?.[0] === 'local' ? undefined : values)
  }
  if (cursor.accept('names')) {
    return set(scope, 'client_encoding', cursor.done ? undefined : readWordOrDefault(cursor))
  }
  if (cursor.peek(1)?.kind === 'string' && cursor.accept('schema')) {
    return set(scope, 'search_path', readWordOrDefault(cursor))
  }
  if (isBareRole(cursor)) {
    cursor.expect('role')
    return set(scope, 'role', readWordOrDefault(cursor))
  }
  const name = readName(cursor)
  if (!cursor.acceptSymbol('=')) cursor.expect('to')
  const values = readValues(cursor)
  cursor.expectEnd()
  return set(scope, name, values)
}

/** SET ROLE name, and not SET role = name. */
function isBareRole(cursor: TokenCursor): boolean {
  const after = cursor.peek(1)
  return cursor.sees('role') && after?.kind !== 'symbol' && after?.value !== 'to'
}

export function readShow(cursor: TokenCursor): StatementBody {
  cursor.expect('show')
  const name = readSettingName(cursor)
  // SHOW ALL TABLES, SHOW TABLES FROM …: of the engine, and no setting.
  if (!cursor.done) return unsupported(`SHOW ${name.toUpperCase()} …`)
  return { kind: 'show', name }
}

export function readReset(cursor: TokenCursor): StatementBody {
  cursor.expect('reset')
  const unoffered = UNOFFERED.find((word) => cursor.sees(word) && cursor.peek(1)?.kind === 'word')
  if (unoffered) return unsupported(`RESET ${unoffered.toUpperCase()}`)
  const name = readSettingName(cursor)
  cursor.expectEnd()
  return { kind: 'reset', name }
}

function readSettingName(cursor: TokenCursor): string {
  if (cursor.accept('time', 'zone')) return 'timezone'
  if (cursor.accept('transaction', 'isolation', 'level')) return 'transaction_isolation'
  if (cursor.accept('session', 'authorization')) return 'session_authorization'
  return readName(cursor)
}

/** `name` or `prefix.name`. */
function readName(cursor: TokenCursor): string {
  const parts = [cursor.identifier()]
  while (cursor.acceptSymbol('.')) parts.push(cursor.identifier())
  return parts.join('.')
}

/** @returns undefined for DEFAULT. */
function readValues(cursor: TokenCursor): readonly string[] | undefined {
  if (cursor.accept('default')) return undefined
  return cursor.list(() => readValue(cursor))
}

function readWordOrDefault(cursor: TokenCursor): readonly string[] | undefined {
  const values = cursor.accept('default') ? undefined : [readValue(cursor)]
  cursor.expectEnd()
  return values
}

function readValue(cursor: TokenCursor): string {
  const sign = cursor.acceptSymbol('-') ? '-' : ''
  if (sign === '') cursor.acceptSymbol('+')
  const token = cursor.peek()
  const readable = sign === '' ? READABLE : ['number']
  if (!token || !readable.includes(token.kind)) throw cursor.syntaxError()
  return sign + cursor.next().value
}

const READABLE = ['word', 'quoted', 'string', 'number']

/** … HOUR TO MINUTE, after the interval of a time zone. */
function readIntervalUnits(cursor: TokenCursor): void {
  if (!cursor.accept('hour')) return
  if (cursor.accept('to')) cursor.expect('minute')
}

function set(
  scope: 'session' | 'local',
  name: string,
  values: readonly string[] | undefined,
): StatementBody {
  return { kind: 'set', scope, name, ...(values && { values }) }
}
