/**
 * What a view reads, with whose rights: a view is read with the rights of its owner, and so are the
 * files of a foreign table. A temporary view is read with the rights of its session.
 *
 * Its query is checked against the owner's rights as if the owner sent it now, whenever grants or
 * definitions have changed. When the owner may not run it any more, nobody may (fail closed).
 */
import { GatewayError } from '../base/gateway-error.ts'
import type { TableEntry } from '../catalog/catalog-snapshot.ts'
import { isTemporary } from '../catalog/temporary.ts'
import { present } from '../base/assert.ts'
import { tokenize } from '../sql/lexer.ts'
import { isWord } from '../sql/token.ts'
import { isOperational, complaintIn } from './engine-complaint.ts'
import { neededByOwner } from './function-uses.ts'
import type { CheckedQuery } from './check-query.ts'
import { FilesUsed, filesOfTable } from './files-used.ts'
import type { GateContext, ReadThrough } from './gate-context.ts'
import { needOnLocation } from './requirements.ts'

/** Views over views: the engine's binder goes down as deep as they are. */
const depthMax = 32

/** Each is one view at one version of grants and definitions. */
const keptMax = 2_000

export class ViewReads {
  readonly #check: (context: GateContext) => Promise<CheckedQuery>
  readonly #kept = new Map<string, ReadThrough>()

  constructor(check: (context: GateContext) => Promise<CheckedQuery>) {
    this.#check = check
  }

  /**
   * @param context of the statement that names the view.
   * @throws GatewayError `object_not_in_prerequisite_state`, the same whatever the reason; about
   *         the engine itself as they are.
   */
  async through(view: TableEntry, context: GateContext): Promise<ReadThrough> {
    const { withinViews } = context
    if (view.kind === 'foreign table') return throughForeignTable(view, context)
    const found = withinViews.includes(view.id) ? undefined : await this.#found(view, context)
    if (!found || [...found.reads.keys()].some(({ id }) => withinViews.includes(id))) {
      throw unusable(view, 'it reads itself')
    }
    return found
  }

  async #found(view: TableEntry, context: GateContext): Promise<ReadThrough> {
    const { sql, uses = [] } = present(view.view, 'the definition of a view')
    const ownerRole = ownerOf(view, context)
    const owner = context.roleAuthority(ownerRole)
    if (!owner) throw unusable(view, 'its owner does not exist')
    const key = [view.id, context.catalog.version, ownerRole, owner.grantsVersion].join(' ')
    const known = this.#kept.get(key)
    if (known) return known
    const files = new FilesUsed()
    let checked: CheckedQuery
    try {
      checked = await this.#check({
        ...context,
        statement: { ...context.statement, text: queryOf(sql) },
        parameterTypes: [],
        authority: owner,
        searchPath: [],
        system: undefined,
        functions: new Map(), // they stand written out in it
        withinViews: [...context.withinViews, view.id],
        mayDraw: false,
        files,
      })
    } catch (thrown) {
      if (isOperational(complaintIn(thrown))) throw thrown
      throw unusable(view, thrown)
    }
    const depth = checked.viewDepth + 1
    if (depth > depthMax) throw unusable(view, 'too many views over views')
    const calls = neededByOwner(uses, ownerRole, context)
    if (!calls) throw unusable(view, 'it calls a function without right')
    const requires = [...checked.requires.map((one) => ({ holder: ownerRole, ...one })), ...calls]
    const found = { requires, reads: checked.reads, depth, files: files.all }
    this.#keep(key, found)
    return found
  }

  #keep(key: string, found: ReadThrough): void {
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= keptMax && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(key, found)
  }
}

/** A temporary view is its session's, whatever role that has now. */
function ownerOf(view: TableEntry, { authority }: GateContext): string {
  return isTemporary(view) ? authority.roleId : (view.view?.ownerRole ?? '')
}

/** From `CREATE VIEW name AS query;`, which the engine printed: names in it are quoted where needed. */
function queryOf(sql: string): string {
  const tokens = tokenize(sql)
  const as = tokens.find((token) => isWord(token, 'as') && token.depth === 0)
  const last = present(tokens.at(-1), 'a statement')
  const end = last.value === ';' ? last.start : last.end
  return sql.slice(present(as, 'AS').end, end).trim()
}

/** The role that made it answers for it: it must have USAGE on the location still. */
function throughForeignTable(table: TableEntry, context: GateContext): ReadThrough {
  const { ownerRole, source } = present(table.foreign, 'the definition of a foreign table')
  const owner = context.roleAuthority(ownerRole)
  if (!owner) throw unusable(table, 'its owner does not exist')
  const location = context.catalog.location(source.location)
  if (!location) throw unusable(table, 'its location is not configured')
  const need = needOnLocation(location)
  if (!owner.covers(need)) throw unusable(table, 'its owner has no USAGE on the location')
  const requires = [{ holder: ownerRole, ...need }]
  return { requires, reads: new Map(), depth: 0, files: [filesOfTable(table, location)] }
}

const HINTS = {
  table: '',
  view: 'Its owner may not run its query any more, or what it reads has changed. Define it anew.',
  'foreign table':
    'Its owner has no USAGE on its location any more, or the location is not there. Define it anew.',
} as const

/** The reason is for the log: it may name what only the owner may know of. */
function unusable(view: TableEntry, cause: unknown): GatewayError {
  return new GatewayError(
    'object_not_in_prerequisite_state',
    `${view.kind} "${view.name}" cannot be read now`,
    {
      hint: HINTS[view.kind],
      cause,
    },
  )
}
