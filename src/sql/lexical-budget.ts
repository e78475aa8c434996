/**
 * Counts what a text spends of the lexical limits while the lexer walks it.
 *
 * Runs are counted per nesting level: a run ends where the engine's parser starts a new operand
 * list (a comma, a bracket, a clause word). The counts are upper bounds, not a parse; a text that
 * passes may still be refused by the gate when its tree is known.
 */
import type { ErrorKind } from '../base/gateway-error.ts'
import * as limits from './lexical-limits.ts'
import type { Token } from './token.ts'
import { wordSet } from './word-set.ts'

interface Level {
  operators: number
  conjunctions: number
  postfixes: number
  inFrom: boolean
}

/** What was too much: the caller knows where. */
export interface Excess {
  readonly kind: ErrorKind
  readonly message: string
}

const OPERATORS = new Set('+-*/%|&^<>=!~:@#')
const CLAUSE_ENDS_FROM =
  wordSet(`where group having window qualify order limit offset select union except intersect using
  returning set`)
const SET_OPERATIONS = wordSet('union except intersect')
/** Words that nest in the tree like a prefix or postfix operator. */
const OPERATOR_WORDS = wordSet('not is isnull notnull collate escape at')

export class LexicalBudget {
  #levels: Level[] = [newLevel()]
  #tokens = 0
  #cases = 0
  #tables = 0
  #setOperations = 0
  #nameParts = 0

  /** @returns what is over its limit with this token, if anything is. */
  spend(token: Token): Excess | undefined {
    this.#tokens += 1
    if (this.#tokens > limits.tokensMax) return tooComplex('tokens', limits.tokensMax)
    this.#countNameParts(token)
    if (this.#nameParts > limits.namePartsMax) {
      return tooComplex('parts in one name', limits.namePartsMax)
    }
    return token.kind === 'symbol' ? this.#symbol(token) : this.#word(token)
  }

  /** Between two statements every count but that of the tokens starts anew. */
  nextStatement(): void {
    this.#levels = [newLevel()]
    this.#cases = 0
    this.#tables = 0
    this.#setOperations = 0
    this.#nameParts = 0
  }

  #countNameParts({ kind, value }: Token): void {
    if (kind === 'symbol' && value === '.') this.#nameParts += this.#nameParts === 0 ? 2 : 1
    else if (kind !== 'word' && kind !== 'quoted' && value !== '*') this.#nameParts = 0
    else if (this.#nameParts > 0 && this.#afterName) this.#nameParts = 0
    this.#afterName = kind === 'word' || kind === 'quoted'
  }
  #afterName = false

  #symbol({ value }: Token): Excess | undefined {
    const level = this.#level
    if (value === '(' || value === '[' || value === '{') {
      if (value === '[' && ++level.postfixes > limits.postfixRunMax) {
        return tooComplex('subscripts one after another', limits.postfixRunMax)
      }
      this.#levels.push(newLevel())
      return this.#depthExcess()
    }
    if (value === ')' || value === ']' || value === '}') {
      if (this.#levels.length > 1) this.#levels.pop()
      return undefined
    }
    if (value === ',') {
      endRuns(level)
      return level.inFrom ? this.#table() : undefined
    }
    if (value === ':' && ++level.postfixes > 2 * limits.postfixRunMax) {
      return tooComplex('casts one after another', limits.postfixRunMax)
    }
    return OPERATORS.has(value) ? countOperator(level) : undefined
  }

  #word({ kind, value }: Token): Excess | undefined {
    const level = this.#level
    if (kind !== 'word') return undefined
    if (value === 'and' || value === 'or') {
      endRuns(level)
      if (++level.conjunctions > limits.conjunctionRunMax) {
        return tooComplex('AND and OR in one condition', limits.conjunctionRunMax)
      }
      return undefined
    }
    if (value === 'case') {
      this.#cases += 1
      return this.#depthExcess()
    }
    if (value === 'end') this.#cases = Math.max(0, this.#cases - 1)
    if (OPERATOR_WORDS.has(value)) return countOperator(level)
    if (SET_OPERATIONS.has(value) && ++this.#setOperations > limits.setOperationsMax) {
      return tooComplex('UNION, EXCEPT and INTERSECT', limits.setOperationsMax)
    }
    if (value === 'from' || value === 'join') {
      level.inFrom = true
      return this.#table()
    }
    if (CLAUSE_ENDS_FROM.has(value)) {
      level.inFrom = false
      endRuns(level)
      level.conjunctions = 0
    }
    return undefined
  }

  #table(): Excess | undefined {
    this.#tables += 1
    return this.#tables > limits.tableReferencesMax
      ? tooComplex('tables', limits.tableReferencesMax)
      : undefined
  }

  #depthExcess(): Excess | undefined {
    return this.#levels.length - 1 + this.#cases > limits.nestingMax
      ? tooComplex('levels of nesting', limits.nestingMax)
      : undefined
  }

  get #level(): Level {
    return this.#levels.at(-1) ?? newLevel()
  }
}

function newLevel(): Level {
  return { operators: 0, conjunctions: 0, postfixes: 0, inFrom: false }
}

function endRuns(level: Level): void {
  level.operators = 0
  level.postfixes = 0
}

function countOperator(level: Level): Excess | undefined {
  level.operators += 1
  return level.operators > limits.operatorRunMax
    ? tooComplex('operators in one expression', limits.operatorRunMax)
    : undefined
}

function tooComplex(what: string, max: number): Excess {
  return {
    kind: 'statement_too_complex',
    message: `statement too complex: more than ${max.toLocaleString('en')} ${what}`,
  }
}
