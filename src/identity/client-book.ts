/** Clients, and the life of their access tokens. */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { parseAddressList } from './address-list.ts'
import { PUBLIC_ROLE_ID } from './built-in-roles.ts'
import { checkClientLabel, checkClientName } from './client-name.ts'
import { changedLimits } from './client-limits.ts'
import type { ClientLimits } from './client-limits.ts'
import { rolesHeldBy } from './compute-authority.ts'
import { creationIsGone, earlierCreation, keepCreation } from './creations.ts'
import type { CreationKey } from './creation-key.ts'
import type {
  Check,
  ClientChange,
  ClientInfo,
  EndingToken,
  NewClient,
  RoleInfo,
} from './identity.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { ClientRow, CreationRow, IdentityStoreChange, RoleRow } from './identity-store.ts'
import { clientInfo, currentToken } from './client-info.ts'
import { roleInfo, roleNamed } from './role-book.ts'
import { shown } from './role-name.ts'
import { makeScramSalt, SCRAM_ITERATIONS } from './scram-verifier.ts'
import { endOf } from './token-life.ts'
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
    return this.#ledger.records.clientNames.map((name) => this.#present(name))
  }

  find(name: string): ClientInfo | undefined {
    const client = this.#ledger.records.clientByName(name)
    return client && this.#info(client)
  }

  /** @throws GatewayError `undefined_object`. */
  idOf(name: string): string {
    return clientNamed(this.#ledger.records, name).id
  }

  names({ search = '', roleId }: { search?: string; roleId?: string } = {}): readonly string[] {
    const { clientNames, clients } = this.#ledger.records
    if (search === '' && roleId === undefined) return clientNames
    const part = search.toLowerCase()
    const found = [...clients.values()].filter(
      (client) =>
        (roleId === undefined || client.roleId === roleId) &&
        (client.name.includes(part) || client.label?.toLowerCase().includes(part) === true),
    )
    return found.map(({ name }) => name).toSorted()
  }

  withId(clientId: string): ClientInfo | undefined {
    const client = this.#ledger.records.clients.get(clientId)
    return client && this.#info(client)
  }

  limitsOf(clientId: string): ClientLimits {
    return this.#ledger.records.clients.get(clientId)?.limits ?? {}
  }

  endingTokens(): EndingToken[] {
    const { tokens, clients } = this.#ledger.records
    const ending: EndingToken[] = []
    for (const { id, clientId, expiresAt, endsAt } of tokens.values()) {
      if (expiresAt === undefined || endsAt !== undefined) continue // endsAt: it was replaced
      const client = clients.get(clientId)
      if (client?.enabled !== true) continue
      ending.push({ id, clientName: client.name, endsAt: Date.parse(expiresAt) })
    }
    return ending
  }

  ofToken(tokenId: string): { id: string; name: string } | undefined {
    const { tokens, clients } = this.#ledger.records
    const clientId = tokens.get(tokenId)?.clientId
    const client = clientId === undefined ? undefined : clients.get(clientId)
    return client && { id: client.id, name: client.name }
  }

  async create(
    request: NewClient,
    { once, checkRole }: { once?: CreationKey | undefined; checkRole?: Check<RoleInfo> } = {},
  ): Promise<{ client: ClientInfo; token: string }> {
    const { token, name } = await this.#ledger.change(async (records) => {
      const earlier = earlierCreation(records, once, this.#clock())
      if (earlier) return { changes: [], result: this.#again(records, earlier) }
      checkClientName(request.name)
      if (request.label !== undefined) checkClientLabel(request.label)
      const allowedAddresses = request.allowedAddresses ?? []
      parseAddressList(allowedAddresses)
      const limits = changedLimits({}, request.limits ?? {})
      const role = roleForClients(records, request.role)
      checkRole?.(roleInfo(records, role))
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
        limits,
        scramSalt: makeScramSalt(),
        scramIterations: SCRAM_ITERATIONS,
      }
      const { row, text } = await this.#mint.first(client, request.expiresAt)
      return {
        changes: [
          { kind: 'put_client', client },
          { kind: 'put_token', token: row },
          ...keepCreation(records, once, { objectId: client.id, tokenId: row.id }, this.#clock()),
        ],
        result: { token: text, name: client.name },
      }
    })
    return { client: this.#present(name), token }
  }

  async change(
    name: string,
    change: ClientChange,
    { check, checkRole }: { check?: Check<ClientInfo>; checkRole?: Check<RoleInfo> } = {},
  ): Promise<ClientInfo> {
    await this.#ledger.change((records) => {
      const client = this.#checked(records, name, check)
      const { label, allowedAddresses, expiresAt, limits } = change
      const role = change.role === undefined ? undefined : roleForClients(records, change.role)
      if (role) checkRole?.(roleInfo(records, role))
      if (typeof label === 'string') checkClientLabel(label)
      if (allowedAddresses) parseAddressList(allowedAddresses)
      const changed: ClientRow = {
        ...client,
        ...(label !== undefined && { label: label === null || label === '' ? undefined : label }),
        ...(role && { roleId: role.id }),
        ...(allowedAddresses && { allowedAddresses }),
        ...(limits && { limits: changedLimits(client.limits, limits) }),
      }
      const changes: IdentityStoreChange[] = [{ kind: 'put_client', client: changed }]
      if (expiresAt !== undefined) {
        const token = this.#mint.expiring(currentToken(records, client), expiresAt ?? undefined)
        changes.push({ kind: 'put_token', token })
      }
      return { changes, result: undefined }
    })
    return this.#present(name)
  }

  async setEnabled(name: string, enabled: boolean, check?: Check<ClientInfo>): Promise<ClientInfo> {
    await this.#ledger.change((records) => {
      const client = this.#checked(records, name, check)
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

  async regenerate(
    name: string,
    graceMs: number,
    check?: Check<ClientInfo>,
  ): Promise<{ client: ClientInfo; token: string }> {
    const token = await this.#ledger.change(async (records) => {
      const client = this.#checked(records, name, check)
      const { changes, text } = await this.#mint.next(client, records.tokensOf(client.id), graceMs)
      return { changes, result: text }
    })
    return { client: this.#present(name), token }
  }

  async endPrevious(name: string, check?: Check<ClientInfo>): Promise<ClientInfo> {
    await this.#ledger.change((records) => {
      const client = this.#checked(records, name, check)
      const changes = this.#mint.endOfGrace(records.tokensOf(client.id))
      if (changes.length === 0) {
        throw new GatewayError(
          'object_not_in_prerequisite_state',
          `client "${client.name}" has no older token that still works`,
          { hint: 'There is nothing to end: only its present token works.' },
        )
      }
      return { changes, result: undefined }
    })
    return this.#present(name)
  }

  async show(name: string, check?: Check<ClientInfo>): Promise<string> {
    await Promise.resolve() // so that a refusal is a rejection, as of every other act
    const { records } = this.#ledger
    const client = this.#checked(records, name, check)
    if (this.#tokensShow === 'never') throw mayNotBeShown('No token is shown here.')
    if (this.#tokensShow === 'exceptSuperuser' && isSuperuser(records, client.roleId)) {
      throw mayNotBeShown('The token of a SUPERUSER is not shown here.')
    }
    const token = currentToken(records, client)
    return this.#secrets.unseal(token.id, present(token.sealed, 'a live token is sealed'))
  }

  delete(name: string, check?: Check<ClientInfo>): Promise<void> {
    return this.#ledger.change((records) => {
      const client = this.#checked(records, name, check)
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

  designateJobs(name: string, check?: Check<ClientInfo>): Promise<void> {
    return this.#ledger.change((records) => {
      const chosen = this.#checked(records, name, check)
      const changes: IdentityStoreChange[] = []
      for (const client of records.clients.values()) {
        const jobs = client.id === chosen.id
        if (client.jobs !== jobs) changes.push({ kind: 'put_client', client: { ...client, jobs } })
      }
      return { changes, result: undefined }
    })
  }

  #checked(records: IdentityRecords, name: string, check?: Check<ClientInfo>): ClientRow {
    const client = clientNamed(records, name)
    check?.(clientInfo(records, client, this.#uses, this.#clock()))
    return client
  }

  /** What was made under the same key before, with the same token. */
  #again(records: IdentityRecords, made: CreationRow): { token: string; name: string } {
    const client = records.clients.get(made.objectId)
    if (!client) throw creationIsGone('the client was deleted')
    const token = made.tokenId === undefined ? undefined : records.tokens.get(made.tokenId)
    if (!token?.sealed || endOf(token, this.#clock())) throw creationIsGone('its token has ended')
    return { token: this.#secrets.unseal(token.id, token.sealed), name: client.name }
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

function roleForClients(records: IdentityRecords, name: string): RoleRow {
  const role = roleNamed(records, name, 'role')
  if (role.id === PUBLIC_ROLE_ID) throw cannotActAsPublic()
  return role
}

function isSuperuser(records: IdentityRecords, roleId: string): boolean {
  return [...rolesHeldBy(records, roleId)].some((id) => records.roles.get(id)?.superuser === true)
}

function nameIsTaken(name: string): GatewayError {
  return new GatewayError('duplicate_object', `client "${name}" already exists`, {
    field: 'name',
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
    field: 'role',
    hint: 'Create a role for it: bluegate role create NAME',
  })
}

function mayNotBeShown(why: string): GatewayError {
  return new GatewayError('insufficient_privilege', `the access token may not be shown`, {
    detail: why,
    hint: 'The setting tokens.show decides. A lost token is replaced with: bluegate client regenerate NAME',
  })
}
