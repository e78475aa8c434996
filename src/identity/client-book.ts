/** Clients, and the life of their access tokens. */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { parseAddressList } from './address-list.ts'
import { PUBLIC_ROLE_ID } from './built-in-roles.ts'
import { checkClientLabel, checkClientName } from './client-name.ts'
import { rolesHeldBy } from './compute-authority.ts'
import type { ClientInfo, NewClient } from './identity.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { ClientRow, IdentityStoreChange } from './identity-store.ts'
import { clientInfo, currentToken } from './client-info.ts'
import { roleNamed } from './role-book.ts'
import { shown } from './role-name.ts'
import { makeScramSalt, SCRAM_ITERATIONS } from './scram-verifier.ts'
import type { TokenMint } from './token-mint.ts'
import type { TokenSecrets } from './token-secrets.ts'
import type { TokenUses } from './token-uses.ts'

export type TokensShow = 'all' | 'exceptSuperuser' | 'never'

export class ClientBook {
  readonly #ledger: IdentityLedger
  readonly #mint: TokenMint
  readonly #secrets: TokenSecrets
  readonly #uses: TokenUses
  readonly #tokensShow: TokensShow
  readonly #clock: () => number

  constructor(parts: {
    ledger: IdentityLedger
    mint: TokenMint
    secrets: TokenSecrets
    uses: TokenUses
    tokensShow: TokensShow
    clock: () => number
  }) {
    this.#ledger = parts.ledger
    this.#mint = parts.mint
    this.#secrets = parts.secrets
    this.#uses = parts.uses
    this.#tokensShow = parts.tokensShow
    this.#clock = parts.clock
  }

  list(): ClientInfo[] {
    return [...this.#ledger.records.clients.values()]
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((client) => this.#info(client))
  }

  find(name: string): ClientInfo | undefined {
    const client = this.#ledger.records.clientByName(name)
    return client && this.#info(client)
  }

  /** @throws GatewayError `undefined_object`. */
  idOf(name: string): string {
    return clientNamed(this.#ledger.records, name).id
  }

  async create(request: NewClient): Promise<{ client: ClientInfo; token: string }> {
    const { token, name } = await this.#ledger.change(async (records) => {
      checkClientName(request.name)
      if (request.label !== undefined) checkClientLabel(request.label)
      const allowedAddresses = request.allowedAddresses ?? []
      parseAddressList(allowedAddresses)
      const role = roleNamed(records, request.role)
      if (role.id === PUBLIC_ROLE_ID) throw cannotActAsPublic()
      if (records.clientByName(request.name)) throw nameIsTaken(request.name)
      if (records.userByName(request.name)) throw isNameOfUser(request.name)
      const client: ClientRow = {
        id: randomUUID(),
        name: request.name,
        label: request.label,
        roleId: role.id,
        enabled: true,
        jobs: false,
        createdAt: new Date(this.#clock()).toISOString(),
        allowedAddresses,
        scramSalt: makeScramSalt(),
        scramIterations: SCRAM_ITERATIONS,
      }
      const { row, text } = await this.#mint.first(client, request.expiresAt)
      return {
        changes: [
          { kind: 'put_client', client },
          { kind: 'put_token', token: row },
        ],
        result: { token: text, name: client.name },
      }
    })
    return { client: this.#present(name), token }
  }

  async setEnabled(name: string, enabled: boolean): Promise<ClientInfo> {
    await this.#ledger.change((records) => {
      const client = clientNamed(records, name)
      return {
        changes:
          client.enabled === enabled
            ? []
            : [{ kind: 'put_client', client: { ...client, enabled } }],
        result: undefined,
      }
    })
    return this.#present(name)
  }

  async regenerate(name: string, graceMs: number): Promise<{ client: ClientInfo; token: string }> {
    const token = await this.#ledger.change(async (records) => {
      const client = clientNamed(records, name)
      const { changes, text } = await this.#mint.next(client, records.tokensOf(client.id), graceMs)
      return { changes, result: text }
    })
    return { client: this.#present(name), token }
  }

  async show(name: string): Promise<string> {
    await Promise.resolve() // so that a refusal is a rejection, as of every other act
    const { records } = this.#ledger
    const client = clientNamed(records, name)
    if (this.#tokensShow === 'never') throw mayNotBeShown('No token is shown here.')
    if (this.#tokensShow === 'exceptSuperuser' && isSuperuser(records, client.roleId)) {
      throw mayNotBeShown('The token of a SUPERUSER is not shown here.')
    }
    const token = currentToken(records, client)
    return this.#secrets.unseal(token.id, present(token.sealed, 'a live token is sealed'))
  }

  delete(name: string): Promise<void> {
    return this.#ledger.change((records) => {
      const client = clientNamed(records, name)
      if (client.jobs) {
        throw new GatewayError('object_in_use', `client "${client.name}" is the Jobs client`, {
          hint: 'Designate another client for Jobs first: bluegate client designate-jobs NAME',
        })
      }
      const changes: IdentityStoreChange[] = records
        .tokensOf(client.id)
        .map(({ id }) => ({ kind: 'remove_token', tokenId: id }))
      changes.push({ kind: 'remove_client', clientId: client.id })
      return { changes, result: undefined }
    })
  }

  designateJobs(name: string): Promise<void> {
    return this.#ledger.change((records) => {
      const chosen = clientNamed(records, name)
      const changes: IdentityStoreChange[] = []
      for (const client of records.clients.values()) {
        const jobs = client.id === chosen.id
        if (client.jobs !== jobs) changes.push({ kind: 'put_client', client: { ...client, jobs } })
      }
      return { changes, result: undefined }
    })
  }

  #present(name: string): ClientInfo {
    return this.#info(clientNamed(this.#ledger.records, name))
  }

  #info(client: ClientRow): ClientInfo {
    return clientInfo(this.#ledger.records, client, this.#uses, this.#clock())
  }
}

function clientNamed(records: IdentityRecords, name: string): ClientRow {
  const client = records.clientByName(name)
  if (client) return client
  throw new GatewayError('undefined_object', `client ${shown(name)} does not exist`, {
    hint: 'List the clients with: bluegate client list',
  })
}

function isSuperuser(records: IdentityRecords, roleId: string): boolean {
  return [...rolesHeldBy(records, roleId)].some((id) => records.roles.get(id)?.superuser === true)
}

function nameIsTaken(name: string): GatewayError {
  return new GatewayError('duplicate_object', `client "${name}" already exists`, {
    hint: 'Choose another name, or regenerate the token of this client.',
  })
}

function isNameOfUser(name: string): GatewayError {
  return new GatewayError('duplicate_object', `user "${name}" already exists`, {
    field: 'name',
    hint: 'Users and clients have different names, so that the audit names one of them.',
  })
}

function cannotActAsPublic(): GatewayError {
  return new GatewayError('invalid_parameter_value', 'a client cannot act as "public"', {
    hint: 'Create a role for it: bluegate role create NAME',
  })
}

function mayNotBeShown(why: string): GatewayError {
  return new GatewayError('insufficient_privilege', `the access token may not be shown`, {
    detail: why,
    hint: 'The setting tokens.show decides. A lost token is replaced with: bluegate client regenerate NAME',
  })
}
