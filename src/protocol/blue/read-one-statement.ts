/** From a Compile's bytes to the one statement that it may hold. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Executor } from '../../execution/executor.ts'
import { tokenize } from '../../sql/lexer.ts'
import type { Statement } from '../../sql/statement.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws GatewayError for other than one statement, and for what this protocol has no room for. */
export function readOneStatement(lane: Pick<Executor, 'read'>, sql: Uint8Array): Statement {
  const statements = lane.read(textOf(sql))
  const [statement] = statements
  if (!statement || statements.length > 1) {
    throw new GatewayError('syntax_error', `expected one statement, got ${statements.length}`)
  }
  refuseForeign(statement)
  return statement
}

function textOf(sql: Uint8Array): string {
  try {
    return decoder.decode(sql)
  } catch (cause) {
    const message = 'the statement is not valid UTF-8'
    throw new GatewayError('character_not_in_repertoire', message, { cause })
  }
}

/** Statements run side by side and are committed one by one: nothing can span several of them. */
function refuseForeign(statement: Statement): void {
  if (TRANSACTION_KINDS.has(statement.kind)) {
    throw notHere('a transaction block', 'Each statement is committed by itself.')
  }
  if (PREPARED_KINDS.has(statement.kind)) throw notHere('PREPARE', DIRECTLY)
  if (statement.kind !== 'engine') return
  if (statement.form === 'execute') throw notHere('EXECUTE', DIRECTLY)
  if (statement.form === 'copy_in' || statement.form === 'copy_out') {
    throw notHere('COPY between client and table', 'Use INSERT and SELECT.')
  }
  const defines = statement.form === 'create_table' || statement.form === 'create_view'
  if (defines && isTemporary(statement.text)) {
    throw notHere('a temporary table or view', 'Make a lasting one, and drop it afterwards.')
  }
}

const TRANSACTION_KINDS: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>([
  'begin',
  'commit',
  'rollback',
  'set_transaction',
])

const PREPARED_KINDS: ReadonlySet<Statement['kind']> = new Set<Statement['kind']>([
  'prepare',
  'deallocate',
])
const DIRECTLY = 'Send the statement itself.'

/** CREATE [OR REPLACE] [LOCAL | GLOBAL] TEMP[ORARY] …. */
function isTemporary(text: string): boolean {
  const words = tokenize(text).map(({ kind, value }) => (kind === 'word' ? value : ''))
  const kind = words.slice(1).find((word) => !BEFORE_KIND.has(word))
  return kind === 'temp' || kind === 'temporary'
}

const BEFORE_KIND: ReadonlySet<string> = new Set(['or', 'replace', 'local', 'global'])

function notHere(what: string, hint: string): GatewayError {
  return new GatewayError('feature_not_supported', `${what} is not supported by this protocol`, {
    hint,
  })
}
