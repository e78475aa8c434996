/** A text with constants in the places of its parameters. */
import { GatewayError } from '../base/gateway-error.ts'
import { tokenize } from './lexer.ts'

/**
 * `?` are counted, `$2` says which one. Each becomes one constant between blanks: nothing that stands
 * beside it can make another token with it.
 *
 * @param constants Tokens of SQL, as `read-saved-query.ts` makes them.
 * @throws GatewayError `syntax_error` for another number of constants than of parameters.
 */
export function fillParameters(text: string, constants: readonly string[], name: string): string {
  const parameters = tokenize(text).filter(({ kind }) => kind === 'parameter')
  const places = parameters.map(({ value }, index) =>
    value === '?' ? index + 1 : Number(value.slice(1)),
  )
  const expected = Math.max(0, ...places)
  if (constants.length !== expected) {
    throw new GatewayError('syntax_error', `wrong number of parameters for saved query "${name}"`, {
      detail: `Expected ${expected} parameters but got ${constants.length}.`,
    })
  }
  let filled = ''
  let at = 0
  for (const [index, { start, end }] of parameters.entries()) {
    filled += `${text.slice(at, start)} ${constants[(places[index] ?? 0) - 1] ?? ''} `
    at = end
  }
  return filled + text.slice(at)
}
