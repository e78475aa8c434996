/** BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, ABORT, and the modes of SET TRANSACTION. */
import { readAbort } from './read-monitor-query.ts'
import type { StatementBody, TransactionModes } from './statement.ts'
import type { TokenCursor } from './token-cursor.ts'
import { unsupported } from './unsupported.ts'

export function readTransactionStatement(cursor: TokenCursor): StatementBody {
  const verb = cursor.next().value
  switch (verb) {
    case 'begin':
      cursor.acceptOneOf(['work', 'transaction'])
      return { kind: 'begin', modes: readModesToEnd(cursor) }
    case 'start':
      cursor.expect('transaction')
      return { kind: 'begin', modes: readModesToEnd(cursor) }
    case 'commit':
    case 'end':
      if (cursor.sees('prepared')) return unsupported('COMMIT PREPARED')
      return { kind: 'commit', chain: readChain(cursor) }
    default:
      return readRollback(cursor, verb)
  }
}

/** ROLLBACK and ABORT. */
function readRollback(cursor: TokenCursor, verb: string): StatementBody {
  if (verb === 'abort' && cursor.seesSymbol('(')) return readAbort(cursor)
  if (cursor.sees('prepared')) return unsupported('ROLLBACK PREPARED')
  const optional = cursor.sees('work') || cursor.sees('transaction') ? 1 : 0
  const after = cursor.peek(optional)
  if (after?.kind === 'word' && after.value === 'to') return unsupported('ROLLBACK TO SAVEPOINT')
  return { kind: 'rollback', chain: readChain(cursor) }
}

/** [WORK | TRANSACTION] [AND [NO] CHAIN] */
function readChain(cursor: TokenCursor): boolean {
  cursor.acceptOneOf(['work', 'transaction'])
  if (!cursor.accept('and')) {
    cursor.expectEnd()
    return false
  }
  const chain = !cursor.accept('no')
  cursor.expect('chain')
  cursor.expectEnd()
  return chain
}

/**
 * The modes up to the end of the statement, with or without commas between, the last of each kind
 * counting. DEFERRABLE is accepted: it changes nothing where no lock is waited for.
 */
export function readModesToEnd(cursor: TokenCursor): TransactionModes {
  let modes: TransactionModes = {}
  let first = true
  while (!cursor.done) {
    if (!first) cursor.acceptSymbol(',')
    modes = { ...modes, ...readMode(cursor) }
    first = false
  }
  return modes
}

function readMode(cursor: TokenCursor): TransactionModes {
  if (cursor.accept('isolation')) {
    cursor.expect('level')
    return { isolation: readIsolation(cursor) }
  }
  if (cursor.accept('read')) {
    if (cursor.accept('only')) return { readOnly: true }
    cursor.expect('write')
    return { readOnly: false }
  }
  cursor.accept('not')
  cursor.expect('deferrable')
  return {}
}

function readIsolation(cursor: TokenCursor): NonNullable<TransactionModes['isolation']> {
  if (cursor.accept('serializable')) return 'serializable'
  if (cursor.accept('repeatable')) {
    cursor.expect('read')
    return 'repeatable read'
  }
  cursor.expect('read')
  if (cursor.accept('uncommitted')) return 'read uncommitted'
  cursor.expect('committed')
  return 'read committed'
}
