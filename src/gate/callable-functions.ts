/**
 * The functions of users that a statement can call: those whose names stand in its text and that
 * the principal may know of, each with what its calls become.
 */
import { assert, present } from '../base/assert.ts'
import type { FunctionEntry } from '../catalog/catalog-snapshot.ts'
import type { Introspection } from '../engine/engine.ts'
import { tokenize } from '../sql/lexer.ts'
import type { JsonObject } from './engine-json.ts'
import { sizeOf, withoutPlaces } from './function-call.ts'
import type { CallableFunction } from './function-call.ts'
import { findFunction } from './function-name.ts'
import type { FunctionNames } from './function-name.ts'
import { parseStatements } from './parse-statements.ts'
import { nodeOf, nodesOf } from './tree-node.ts'

/** By the id of the function. */
export type CallableFunctions = ReadonlyMap<string, CallableFunction>

/** Revisions of functions. */
const keptMax = 1_000

export class FunctionTexts {
  readonly #kept = new Map<string, Promise<JsonObject>>();

  /** @throws GatewayError about the engine itself; `syntax_error` as the lexer says. */
  async in(
    text: string,
    names: FunctionNames,
    introspection: Introspection,
  ): Promise<CallableFunctions> {
    const callable = new Map<string, CallableFunction>()
    if (names.catalog.functions.length === 0) return callable
    for (const word of wordsOf(text)) {
      for (const database of names.catalog.databases) {
        const entry = findFunction([database.name, word], names)
        if (!entry || callable.has(entry.id)) continue
        const expression = await this.#expression(entry, introspection)
        callable.set(entry.id, { entry, expression, size: sizeOf(expression) })
      }
    }
    return callable
  }

  #expression({ id, revision, text }: FunctionEntry, introspection: Introspection) {
    const key = `${id} ${revision}`
    const known = this.#kept.get(key)
    if (known) return known
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= keptMax && oldest !== undefined) this.#kept.delete(oldest)
    const reading = readExpression(text, introspection).catch((thrown: unknown) => {
      this.#kept.delete(key)
      throw thrown
    })
    this.#kept.set(key, reading)
    return reading
  }
}

function wordsOf(text: string): Set<string> {
  const words = new Set<string>()
  for (const { kind, value } of tokenize(text)) {
    if (kind === 'word' || kind === 'quoted') words.add(value.toLowerCase())
  }
  return words
}

/** The one item of the query that a function is kept as. */
async function readExpression(text: string, introspection: Introspection): Promise<JsonObject> {
  const [statement, second] = await parseStatements(text, introspection)
  const [item, other] = nodesOf(nodeOf(statement ?? {}, 'node') ?? {}, 'select_list')
  assert(!second && !other, 'a function is kept as one expression')
  return withoutPlaces(present(item, 'an expression')) as JsonObject
}
