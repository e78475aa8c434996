/** The engine's own parser and binder, for the gate. Nothing here runs what it is given. */
import { present } from '../../base/assert.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { DuckDbConnection } from '../duckdb/duckdb-connection.ts'
import { engineError } from '../duckdb/engine-error.ts'
import type { WireStub } from '../wire/request.ts'
import { inspectFiles } from './foreign-files.ts'
import type { AskEngine, Question } from './questions.ts'
import { quoteName } from './quote-name.ts'
import type { Introspect, Outcomes } from './task.ts'

type IntrospectOf<What> = Extract<Introspect, { readonly what: What }>

interface Regenerated {
  readonly text: string
  readonly plan: string
  readonly tree: string
}

/**
 * @throws GatewayError `syntax_error`, with a position in the text, for one that does not parse;
 *         others as the engine says.
 */
export function introspect(
  connection: DuckDbConnection,
  asking: AskEngine,
  ask: Introspect,
): Outcomes['introspect'] {
  const only = (question: Question, about: string): string => {
    const [[answer] = []] = asking(question, about)
    return present(answer, 'an answer')
  }
  const parse = (text: string): string => unlessFailed(text, only('parse', text))
  // JSON has no line breaks outside of its texts, and escapes them in there
  const deparse = (trees: readonly string[]): string[] =>
    trees.length === 0 ? [] : asking('deparse', trees.join('\n')).map(([text = '']) => text)
  const plan = (text: string, stubs: readonly WireStub[]): string =>
    withStubs(connection, stubs, () => unlessFailed(text, only('plan', text)))
  const regenerate = ({ run, check, stubs }: IntrospectOf<'regenerate'>): Regenerated => {
    if (check !== undefined || stubs.length > 0) {
      const [text = '', checked = text] = deparse(check === undefined ? [run] : [run, check])
      return { text, plan: plan(checked, stubs), tree: parse(text) }
    }
    const [[text = '', planned = '', tree = ''] = []] = asking('regenerate', run)
    return { text, plan: unlessFailed(text, planned), tree: unlessFailed(text, tree) }
  }

  switch (ask.what) {
    case 'parse':
      return { tree: parse(ask.text) }
    case 'regenerate':
      return { ...regenerate(ask), parts: deparse(ask.parts) }
    case 'deparse':
      return { texts: deparse(ask.trees) }
    case 'plan':
      return { plan: plan(ask.text, ask.stubs) }
    case 'inspect':
      return { columns: inspectFiles(connection, ask.source) }
  }
}

/** Stubs last no longer than the one plan: nothing is to be found there by anybody else. */
function withStubs<T>(connection: DuckDbConnection, stubs: readonly WireStub[], work: () => T): T {
  try {
    for (const { name, columns } of stubs) {
      const list = columns.map((column) => `${quoteName(column.name)} ${column.typeName}`)
      connection.execute(`CREATE TEMP TABLE ${quoteName(name)} (${list.join(', ')})`)
    }
    return work()
  } finally {
    for (const { name } of stubs) dropStub(connection, name)
  }
}

function dropStub(connection: DuckDbConnection, name: string): void {
  try {
    connection.execute(`DROP TABLE IF EXISTS temp.main.${quoteName(name)}`)
  } catch {
    // a transaction that an error has aborted takes its stubs with it
  }
}

/** The engine tells of an error inside its JSON: `{"error":true,"error_type":…}`. */
function unlessFailed(text: string, json: string): string {
  // whole trees are not parsed here: they can be large, and their numbers more than JSON.parse keeps
  if (!json.startsWith('{"error":true')) return json
  const said = JSON.parse(json) as Record<string, string | undefined>
  // a parameter without a type leaves it without a plan: nothing is broken, the gate asks again
  if (said['error_type'] === 'internal') return json
  const { kind, message } = engineError(`${said['error_type']} Error: ${said['error_message']}`)
  const offset = said['position']
  throw new GatewayError(
    kind,
    message,
    offset === undefined ? {} : { position: positionOf(text, said['error_type'], Number(offset)) },
  )
}

/** The engine's parser counts characters from 0, its binder bytes; we count characters from 1. */
function positionOf(text: string, errorType: string | undefined, offset: number): number {
  if (errorType === 'parser') return offset + 1
  const before = Buffer.from(text, 'utf8').subarray(0, offset).toString('utf8')
  let characters = 1
  for (const _ of before) characters += 1
  return characters
}
