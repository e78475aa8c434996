/** Users: who may sign in to the console, and with what role. */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { ADMINISTRATOR_ROLE_ID, PUBLIC_ROLE_ID } from './built-in-roles.ts'
import { creationIsGone, earlierCreation, keepCreation } from './creations.ts'
import type { CreationKey } from './creation-key.ts'
import type { IdentityLedger, Plan } from './identity-ledger.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange, LinkRow, RoleRow, UserRow } from './identity-store.ts'
import { checkAnAdministratorStays } from './last-administrator.ts'
import { endLinks, endSetupLinks, makeLinkRow, validLink } from './one-time-link.ts'
import { checkPassword } from './password-rules.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { roleNamed } from './role-book.ts'
import { shown } from './role-name.ts'
import { checkUserName } from './user-name.ts'
import type { NewLink, OneTimeLink, RoleCheck, UserCheck, UserInfo } from './users.ts'

export class UserBook {
  readonly #ledger: IdentityLedger
  readonly #hasher: PasswordHasher
  readonly #clock: () => number

  constructor(parts: { ledger: IdentityLedger; hasher: PasswordHasher; clock: () => number }) {
    this.#ledger = parts.ledger
    this.#hasher = parts.hasher
    this.#clock = parts.clock
  }

  list(): UserInfo[] {
    const { records } = this.#ledger
    return [...records.users.values()]
      .map((user) => userInfo(records, user))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(name: string): UserInfo | undefined {
    const { records } = this.#ledger
    const user = records.userByName(name)
    return user && userInfo(records, user)
  }

  create(
    request: { name: string; role: string },
    { once, checkRole }: { once?: CreationKey | undefined; checkRole?: RoleCheck } = {},
  ): Promise<{ user: UserInfo; link: NewLink }> {
    return this.#ledger.change((records) => {
      const earlier = earlierCreation(records, once, this.#clock())
      if (earlier) return this.#again(records, earlier.objectId)
      const role = roleForUser(records, request.role)
      checkRole?.(role)
      const user = this.#newUser(records, request.name, role.id)
      const { row, secret } = makeLinkRow('invitation', user.id, this.#clock())
      return {
        changes: [
          { kind: 'put_user', user },
          { kind: 'put_link', link: row },
          ...endSetupLinks(records),
          ...keepCreation(records, once, { objectId: user.id, tokenId: undefined }, this.#clock()),
        ],
        result: {
          user: userInfo(records, user),
          link: { ...describeLink(row, user), secret },
        },
      }
    })
  }

  setEnabled(name: string, enabled: boolean, check?: UserCheck): Promise<UserInfo> {
    return this.#ledger.change((records) => {
      const before = userNamed(records, name, check)
      const user = { ...before, enabled }
      const changes: IdentityStoreChange[] =
        before.enabled === enabled ? [] : [{ kind: 'put_user', user }]
      checkAnAdministratorStays(records, changes)
      return { changes, result: userInfo(records, user) }
    })
  }

  setRole(
    name: string,
    roleName: string,
    { check, checkRole }: { readonly check?: UserCheck; readonly checkRole?: RoleCheck } = {},
  ): Promise<UserInfo> {
    return this.#ledger.change((records) => {
      const before = userNamed(records, name, check)
      const role = roleForUser(records, roleName)
      checkRole?.(role)
      const user = { ...before, roleId: role.id }
      const changes: IdentityStoreChange[] =
        before.roleId === user.roleId ? [] : [{ kind: 'put_user', user }]
      checkAnAdministratorStays(records, changes)
      return { changes, result: userInfo(records, user) }
    })
  }

  delete(name: string, check?: UserCheck): Promise<void> {
    return this.#ledger.change((records) => {
      const user = userNamed(records, name, check)
      const changes: IdentityStoreChange[] = [
        ...endLinks(records, user.id),
        { kind: 'remove_user', userId: user.id },
      ]
      checkAnAdministratorStays(records, changes)
      return { changes, result: undefined }
    })
  }

  makeLink(name: string, check?: UserCheck): Promise<NewLink> {
    return this.#ledger.change((records) => {
      const user = userNamed(records, name, check)
      const purpose = user.passwordHash === undefined ? 'invitation' : 'reset'
      const { row, secret } = makeLinkRow(purpose, user.id, this.#clock())
      return {
        changes: [...endLinks(records, user.id), { kind: 'put_link', link: row }],
        result: { ...describeLink(row, user), secret },
      }
    })
  }

  makeSetupLink(): Promise<NewLink | undefined> {
    return this.#ledger.change<NewLink | undefined>((records) => {
      const ended = endSetupLinks(records)
      if (records.users.size > 0) return { changes: ended, result: undefined }
      const { row, secret } = makeLinkRow('setup', undefined, this.#clock())
      return {
        changes: [...ended, { kind: 'put_link', link: row }],
        result: { ...describeLink(row, undefined), secret },
      }
    })
  }

  lookAtLink(secret: string): OneTimeLink {
    const { records } = this.#ledger
    const { link, user } = validLink(records, secret, this.#clock())
    return describeLink(link, user)
  }

  /** @returns the user's id. */
  async redeemLink(request: {
    secret: string
    userName?: string
    password: string
  }): Promise<string> {
    const { secret, password } = request
    const first = validLink(this.#ledger.records, secret, this.#clock())
    const name = first.user?.name ?? newUserName(request.userName)
    checkPassword(password, name)
    const passwordHash = await this.#hasher.hash(password)
    return await this.#ledger.change((records) => {
      const { link, user } = validLink(records, secret, this.#clock()) // it may have been used meanwhile
      const changed = user ?? this.#newUser(records, name, ADMINISTRATOR_ROLE_ID)
      const changes: IdentityStoreChange[] = [
        { kind: 'put_user', user: { ...changed, passwordHash } },
        ...(link.userId === undefined ? endSetupLinks(records) : endLinks(records, link.userId)),
      ]
      return { changes, result: changed.id }
    })
  }

  /** Ends the links of the user too: one that was made because the password was lost is of no use now. */
  async setPassword(userId: string, password: string): Promise<void> {
    const user = present(this.#ledger.records.users.get(userId), 'the user was just proven')
    checkPassword(password, user.name)
    const passwordHash = await this.#hasher.hash(password)
    await this.#ledger.change((records) => {
      const current = records.users.get(userId)
      if (!current) throw noSuchUser(user.name)
      return {
        changes: [
          { kind: 'put_user', user: { ...current, passwordHash } },
          ...endLinks(records, userId),
        ],
        result: undefined,
      }
    })
  }

  /** Of the link nothing is kept that could be told again: there is a new one, and the older ones end. */
  #again(records: IdentityRecords, userId: string): Plan<{ user: UserInfo; link: NewLink }> {
    const user = records.users.get(userId)
    if (!user) throw creationIsGone('the user was deleted')
    if (user.passwordHash !== undefined) throw creationIsGone('the invitation was used')
    const { row, secret } = makeLinkRow('invitation', user.id, this.#clock())
    return {
      changes: [...endLinks(records, user.id), { kind: 'put_link', link: row }],
      result: { user: userInfo(records, user), link: { ...describeLink(row, user), secret } },
    }
  }

  #newUser(records: IdentityRecords, name: string, roleId: string): UserRow {
    checkUserName(name)
    const other = records.userByName(name)
    if (other) throw nameIsTaken(`user "${other.name}"`)
    const client = records.clientByName(name)
    if (client) throw nameIsTaken(`client "${client.name}"`)
    return {
      id: randomUUID(),
      name,
      roleId,
      enabled: true,
      passwordHash: undefined,
      createdAt: new Date(this.#clock()).toISOString(),
      lastSignInAt: undefined,
    }
  }
}

function userInfo(records: IdentityRecords, user: UserRow): UserInfo {
  const { id, name, roleId, enabled, passwordHash, createdAt, lastSignInAt } = user
  const role = present(records.roles.get(roleId), 'a role that users have cannot be dropped').name
  const hasPassword = passwordHash !== undefined
  return { id, name, role, roleId, enabled, hasPassword, createdAt, lastSignInAt }
}

/** @throws GatewayError `undefined_object`, or what `check` throws. */
function userNamed(records: IdentityRecords, name: string, check?: UserCheck): UserRow {
  const user = records.userByName(name)
  if (!user) throw noSuchUser(name)
  check?.(userInfo(records, user))
  return user
}

function roleForUser(records: IdentityRecords, name: string): RoleRow {
  const role = roleNamed(records, name)
  if (role.id !== PUBLIC_ROLE_ID) return role
  throw new GatewayError('invalid_parameter_value', 'a user cannot act as "public"', {
    field: 'role',
    hint: 'Create a role for the user: bluegate role create NAME',
  })
}

function newUserName(name: string | undefined): string {
  if (name !== undefined) {
    checkUserName(name)
    return name
  }
  throw new GatewayError('invalid_parameter_value', 'the name of the first user is missing', {
    field: 'userName',
    hint: 'Choose one: an e-mail address is usual.',
  })
}

function describeLink({ purpose, expiresAt }: LinkRow, user: UserRow | undefined): OneTimeLink {
  return { purpose, userName: user?.name, expiresAt }
}

function noSuchUser(name: string): GatewayError {
  return new GatewayError('undefined_object', `user ${shown(name)} does not exist`, {
    hint: 'List the users with: bluegate user list',
  })
}

function nameIsTaken(by: string): GatewayError {
  return new GatewayError('duplicate_object', `${by} already exists`, {
    field: 'name',
    hint: 'Users and clients have different names, so that the audit names one of them.',
  })
}
