/** A statement as the readers of this dialect see it: tokens, and which brackets belong together. */
import { errorAt } from '../text-position.ts'
import type { GatewayError } from '../../base/gateway-error.ts'
import { isSymbol } from '../token.ts'
import type { Token } from '../token.ts'
import { wordSet } from '../word-set.ts'

export class Reading {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Tokens that are part of the name of a type: nothing else reads them. */
  readonly #types = new Set<number>()
  readonly #partners: readonly (number | undefined)[]

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text
    this.tokens = tokens
    this.#partners = partnersOf(tokens)
  }

  at(index: number): Token | undefined {
    return this.tokens[index]
  }

  isWord(index: number, ...words: readonly string[]): boolean {
    const token = this.tokens[index]
    return token?.kind === 'word' && words.includes(token.value)
  }

  isSymbol(index: number, symbol: string): boolean {
    return isSymbol(this.tokens[index], symbol)
  }

  /** Whether these words stand from `index` on. */
  sees(index: number, ...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.isWord(index + ahead, word))
  }

  /** Index of the bracket that belongs to the one at `index`, on either side. */
  partner(index: number): number | undefined {
    return this.#partners[index]
  }

  markType(first: number, last: number): void {
    for (let index = first; index <= last; index += 1) this.#types.add(index)
  }

  isType(index: number): boolean {
    return this.#types.has(index)
  }

  /** Whether a value may end with this token: then what follows is no value, but about this one. */
  endsOperand(index: number): boolean {
    const token = this.tokens[index]
    switch (token?.kind) {
      case undefined:
        return false
      case 'symbol':
        return token.value === ')' || token.value === ']'
      case 'word':
        return !BEFORE_VALUES.has(token.value) || isSymbol(this.tokens[index - 1], '.')
      default:
        return true
    }
  }

  /** As `endsOperand`, or the star of a select list. */
  endsOperandOrStar(index: number): boolean {
    return this.endsOperand(index) || this.isSymbol(index, '*')
  }

  /** The operator that begins at a token, as the engine's lexer reads it; undefined for none. */
  operator(index: number): string | undefined {
    const first = this.tokens[index]
    if (first?.kind !== 'symbol' || !OPERATOR_CHARACTERS.has(first.value)) return undefined
    if (this.#isOperator(index - 1) && this.tokens[index - 1]?.end === first.start) return undefined
    let run = ''
    for (let next = index; this.#isOperator(next); next += 1) {
      if (next > index && this.tokens[next - 1]?.end !== this.tokens[next]?.start) break
      run += this.tokens[next]?.value ?? ''
    }
    // A longer operator ends in + or - only if it holds one of these.
    if (!/[~!@#%^&|]/.test(run)) while (run.length > 1 && /[+-]$/.test(run)) run = run.slice(0, -1)
    return run
  }

  #isOperator(index: number): boolean {
    const token = this.tokens[index]
    return token?.kind === 'symbol' && OPERATOR_CHARACTERS.has(token.value)
  }

  /** Whether the value that ends with the token before goes on here: its operand would be larger. */
  goesOn(index: number): boolean {
    const token = this.tokens[index]
    if (token?.kind === 'string') return true // strings on lines of their own are one string
    if (token?.kind === 'word') return token.value === 'collate' || token.value === 'at'
    return (
      token?.kind === 'symbol' &&
      (OPERATOR_CHARACTERS.has(token.value) || '[.:'.includes(token.value)) &&
      !'<>='.includes(token.value)
    )
  }

  notSupported(index: number, what: string, hint?: string): GatewayError {
    return this.error(
      'feature_not_supported',
      index,
      `${what} is not supported in the dialect blue`,
      hint,
    )
  }

  error(
    kind:
      | 'feature_not_supported'
      | 'syntax_error'
      | 'invalid_parameter_value'
      | 'undefined_function'
      | 'numeric_value_out_of_range',
    index: number,
    message: string,
    hint?: string,
  ): GatewayError {
    const start = this.tokens[index]?.start ?? this.tokens.at(-1)?.end ?? 0
    return errorAt(kind, message, this.text, start, hint)
  }
}

const OPERATOR_CHARACTERS: ReadonlySet<string> = new Set('+-*/<>=~!@#%^&|')

/** Words behind which a value begins; behind any other one it has ended. */
const BEFORE_VALUES = wordSet(`all and any array as asc asymmetric at between both by case check
  collate default desc distinct else escape except exclude fetch filter for from full glob group
  groups having ilike in inner intersect into is join lateral leading left like limit natural not
  offset on only or order outer over partition placing qualify range returning right rlike rows
  select set similar some symmetric table then to top trailing union using values when where window
  with zone`)

/** By index; a bracket that is alone has none. */
function partnersOf(tokens: readonly Token[]): (number | undefined)[] {
  const partners: (number | undefined)[] = Array.from({ length: tokens.length })
  const open: number[] = []
  for (const [index, { kind, value }] of tokens.entries()) {
    if (kind !== 'symbol') continue
    if ('([{'.includes(value)) open.push(index)
    else if (')]}'.includes(value)) {
      const opening = open.pop()
      if (opening === undefined) continue
      partners[index] = opening
      partners[opening] = index
    }
  }
  return partners
}
