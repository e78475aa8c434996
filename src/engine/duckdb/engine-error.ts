/**
 * From the engine's errors to ours: the only place that reads an engine's error text.
 *
 * The type decides where it can (spec/pgwire-compat.md, section 7). Where one type stands for
 * several of our kinds, the rules below look at the text. A text that no rule knows falls back to
 * the type's own kind, so that a new wording of the engine costs precision but nothing else.
 *
 * Texts keep the names that the statement itself holds: the gate decides what a principal may read.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ErrorKind } from '../../base/gateway-error.ts'
import { filePlace } from './file-place.ts'
import { readErrorText } from './error-echo.ts'
import { readErrorType } from './error-type.ts'
import type { EngineErrorType } from './error-type.ts'
import { KIND_RULES } from './error-kinds.ts'

/** The instance behind these errors may answer nothing any more. */
const broken = new WeakSet<GatewayError>()

/** True after an error that calls for a new engine process. */
export function isFatal(error: unknown): boolean {
  return error instanceof GatewayError && broken.has(error)
}

/**
 * @param message    As the engine gives it, with the type's words in front.
 * @param typeNumber `duckdb_error_type`, or 0 where the C API gives none.
 * @param sql        The statement that was sent, for the position; absent when there was none.
 */
export function engineError(message: string, typeNumber = 0, sql?: string): GatewayError {
  const { type, text } = readErrorType(message, typeNumber)
  const cause = new Error(message)
  if (type === 'FATAL' || type === 'INTERNAL' || type === 'NullPointer') {
    const error = new GatewayError('internal', 'the engine failed: see the log of the gateway', {
      cause,
    })
    broken.add(error)
    return error
  }
  const { sentence, position } = readErrorText(text, sql)
  const kind = kindOf(type, sentence)
  const place = filePlace(message)
  return new GatewayError(kind, withoutOwnNames(withoutPaths(type, sentence)), {
    ...(position === undefined ? {} : { position }),
    ...(kind === 'serialization_failure' ? { hint: 'Run the transaction again.' } : {}),
    ...(place && { place }),
    cause,
  })
}

function kindOf(type: EngineErrorType, sentence: string): ErrorKind {
  const { rules, otherwise } = KIND_RULES[type]
  return rules?.find(([text]) => text.test(sentence))?.[1] ?? otherwise
}

/** The sequence of an identity column has no name to its table's users. */
function withoutOwnNames(text: string): string {
  return text.replaceAll(/sequence "identity [^"]*"/g, 'sequence of an identity column')
}

/** Where files lie on the server is no client's business. */
function withoutPaths(type: EngineErrorType, text: string): string {
  // of a file that was read, whatever is wrong with it
  const sentence = text.replaceAll(
    /\bfile ["'](?:\/|[A-Za-z]:[\\/])[^"']*["']/g,
    'a file of the server',
  )
  if (type !== 'IO' && type !== 'Permission' && type !== 'Missing Extension') return sentence
  return sentence.replaceAll(/["'](?:\/|[A-Za-z]:[\\/])[^"']*["']/g, 'a file of the server')
}
