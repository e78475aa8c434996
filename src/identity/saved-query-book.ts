/** Saved queries: their names and their bounds. */
import { randomUUID } from 'node:crypto'
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { SavedQuery } from './saved-queries.ts'

/** All of them are in memory. */
const OF_ROLE_MAX = 1_000
const TEXT_CHARACTERS_MAX = 65_536
const NAME_CHARACTERS_MAX = 128

export class SavedQueryBook {
  readonly #ledger: IdentityLedger
  readonly #clock: () => number

  constructor(ledger: IdentityLedger, clock: () => number) {
    this.#ledger = ledger
    this.#clock = clock
  }

  list(database: string): SavedQuery[] {
    return [...this.#ledger.records.savedQueries.values()]
      .filter((query) => query.database === database)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  async save(request: Omit<SavedQuery, 'id' | 'createdAt'>): Promise<void> {
    const { name, text, database, ownerRoleId } = request
    if (name === '' || name.length > NAME_CHARACTERS_MAX) {
      const message = `a saved query has a name of 1 to ${NAME_CHARACTERS_MAX} characters`
      throw new GatewayError('invalid_parameter_value', message)
    }
    if (text.length > TEXT_CHARACTERS_MAX) {
      const message = `a saved query has at most ${TEXT_CHARACTERS_MAX} characters`
      throw new GatewayError('program_limit', message)
    }
    await this.#ledger.change((records) => {
      const own = [...records.savedQueries.values()].filter(
        (query) => query.ownerRoleId === ownerRoleId,
      )
      if (own.some((one) => one.database === database && one.name === name)) {
        throw new GatewayError('duplicate_object', `saved query "${name}" already exists`, {
          hint: `Drop it first: SELECT DROP_SAVED_QUERY('${name.replaceAll("'", "''")}')`,
        })
      }
      if (own.length >= OF_ROLE_MAX) {
        const message = `a role has at most ${OF_ROLE_MAX} saved queries`
        throw new GatewayError('program_limit', message)
      }
      const createdAt = new Date(this.#clock()).toISOString()
      const query = { ...request, id: randomUUID(), createdAt }
      return { changes: [{ kind: 'put_saved_query', query }], result: undefined }
    })
  }

  async drop(queryId: string): Promise<void> {
    await this.#ledger.change((records) => ({
      changes: records.savedQueries.has(queryId) ? [{ kind: 'remove_saved_query', queryId }] : [],
      result: undefined,
    }))
  }
}
