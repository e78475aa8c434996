/**
 * What was checked before, under everything that the outcome depended on.
 *
 * Least recently used out first, bounded in entries and in bytes. Nothing is ever invalidated: a
 * change of grants or definitions makes a new version, and with it new keys.
 */
import type { AuthorizationRequest } from './gate.ts'
import type { CheckedStatement } from './checked-statement.ts'
import { principalName } from '../identity/principal.ts'

/** Longer texts are rarely sent twice, and hashing them costs more than a look-up saves. */
const textCharactersMax = 65_536

/** What an entry costs beside its strings: its objects, and its place in the map. */
const entryBytes = 1_000

interface Entry {
  readonly checked: CheckedStatement
  readonly bytes: number
}

export class PermitCache {
  readonly #entries = new Map<string, Entry>()
  readonly #entriesMax: number
  readonly #bytesMax: number
  #bytes = 0

  constructor(limits: { readonly entriesMax: number; readonly bytesMax: number }) {
    this.#entriesMax = limits.entriesMax
    this.#bytesMax = limits.bytesMax
  }

  /** For the principal alone first, then for everybody with the same role. */
  get(request: AuthorizationRequest): CheckedStatement | undefined {
    if (request.statement.text.length > textCharactersMax) return undefined
    const shared = keyOf(request)
    return this.#touch(shared) ?? this.#touch(personalKey(shared, request))
  }

  set(request: AuthorizationRequest, checked: CheckedStatement): void {
    if (!checked.reusable || request.statement.text.length > textCharactersMax) return
    const shared = keyOf(request)
    const key = checked.personal ? personalKey(shared, request) : shared
    this.#drop(key)
    const bytes = entryBytes + 2 * (key.length + checked.text.length)
    this.#entries.set(key, { checked, bytes })
    this.#bytes += bytes
    while (this.#bytes > this.#bytesMax || this.#entries.size > this.#entriesMax) {
      const [oldest] = this.#entries.keys()
      if (oldest === undefined) break
      this.#drop(oldest)
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  #touch(key: string): CheckedStatement | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.checked
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }
}

/** A character that no name can hold: the lexer and the catalogue refuse it. */
const SEPARATOR = '\0'

function keyOf({
  authority,
  catalog,
  database,
  searchPath,
  parameterTypes,
  statement,
}: AuthorizationRequest): string {
  return [
    authority.roleId,
    authority.grantsVersion,
    catalog.version,
    database,
    searchPath.length,
    ...searchPath,
    parameterTypes.length,
    ...parameterTypes,
    statement.form,
    statement.text,
  ].join(SEPARATOR)
}

function personalKey(shared: string, { principal }: AuthorizationRequest): string {
  return `${principalName(principal)}${SEPARATOR}${SEPARATOR}${shared}`
}
