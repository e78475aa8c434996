/** Roles and who is a member of which. */
import { randomUUID } from 'node:crypto'
import { present } from '../base/assert.ts'
import { GatewayError } from '../base/gateway-error.ts'
import { PUBLIC_ROLE_ID } from './built-in-roles.ts'
import { rolesHeldBy } from './compute-authority.ts'
import { creationIsGone, earlierCreation, keepCreation } from './creations.ts'
import { checkGrantable } from './grant-rules.ts'
import type { Check, NewRoleOptions, RoleAttributes, RoleChange, RoleInfo } from './identity.ts'
import type { IdentityLedger } from './identity-ledger.ts'
import type { IdentityRecords } from './identity-records.ts'
import type { IdentityStoreChange, RoleRow } from './identity-store.ts'
import { checkAnAdministratorStays } from './last-administrator.ts'
import { defaultsOfRole } from './removed-defaults.ts'
import { checkRoleName, shown } from './role-name.ts'

const NAMES_SHOWN_MAX = 20

const NO_ATTRIBUTES: RoleAttributes = { login: false, superuser: false, clusterAdmin: false }

export class RoleBook {
  readonly #ledger: IdentityLedger
  readonly #clock: () => number

  constructor(ledger: IdentityLedger, clock: () => number) {
    this.#ledger = ledger
    this.#clock = clock
  }

  list(): RoleInfo[] {
    const { records } = this.#ledger
    return [...records.roles.values()]
      .toSorted((a, b) => a.number - b.number)
      .map((role) => roleInfo(records, role))
  }

  find(name: string): RoleInfo | undefined {
    const { records } = this.#ledger
    const role = records.roleByName(name)
    return role && roleInfo(records, role)
  }

  create(
    name: string,
    attributes: Partial<RoleAttributes> = {},
    { grants = [], once }: NewRoleOptions = {},
  ): Promise<RoleInfo> {
    return this.#ledger.change((records) => {
      const earlier = earlierCreation(records, once, this.#clock())
      if (earlier) {
        const made = records.roles.get(earlier.objectId)
        if (!made) throw creationIsGone('the role was dropped')
        return { changes: [], result: roleInfo(records, made) }
      }
      checkRoleName(name)
      checkNameIsFree(records, name)
      const number = 1 + Math.max(...[...records.roles.values()].map((each) => each.number))
      const role: RoleRow = {
        id: randomUUID(),
        number,
        name,
        builtIn: false,
        ...NO_ATTRIBUTES,
        ...attributes,
      }
      const changes: IdentityStoreChange[] = [{ kind: 'put_role', role }]
      for (const { permission, object } of grants) {
        checkGrantable(permission, object.kind)
        changes.push({ kind: 'put_grant', grant: { roleId: role.id, permission, object } })
      }
      const made = { objectId: role.id, tokenId: undefined }
      changes.push(...keepCreation(records, once, made, this.#clock()))
      return { changes, result: roleInfo(records, role) }
    })
  }

  drop(name: string, check?: Check<RoleInfo>): Promise<void> {
    return this.#ledger.change((records) => {
      const role = changeableRole(records, name)
      check?.(roleInfo(records, role))
      checkUnused(records, role)
      const changes: IdentityStoreChange[] = [{ kind: 'remove_role', roleId: role.id }]
      for (const grant of records.grantsOf(role.id)) changes.push({ kind: 'remove_grant', grant })
      changes.push(...defaultsOfRole(records, role.id))
      for (const { id, ownerRoleId } of records.savedQueries.values()) {
        if (ownerRoleId === role.id) changes.push({ kind: 'remove_saved_query', queryId: id })
      }
      for (const of of records.memberships.values()) {
        for (const { roleId, memberId } of of.values()) {
          if (roleId === role.id || memberId === role.id) {
            changes.push({ kind: 'remove_membership', roleId, memberId })
          }
        }
      }
      checkAnAdministratorStays(records, changes)
      return { changes, result: undefined }
    })
  }

  async change(name: string, change: RoleChange, check?: Check<RoleInfo>): Promise<RoleInfo> {
    const id = await this.#ledger.change((records) => {
      const role = changeableRole(records, name)
      check?.(roleInfo(records, role))
      const changed: RoleRow = { ...role, ...change }
      if (change.name !== undefined && change.name !== role.name) {
        checkRoleName(change.name)
        if (change.name.toLowerCase() !== role.name.toLowerCase()) {
          checkNameIsFree(records, change.name)
        }
      }
      const changes: IdentityStoreChange[] = [{ kind: 'put_role', role: changed }]
      checkAnAdministratorStays(records, changes)
      return { changes, result: role.id }
    })
    const { records } = this.#ledger
    return roleInfo(records, present(records.roles.get(id), 'a role that was changed is there'))
  }

  grant(roles: readonly string[], members: readonly string[], admin: boolean): Promise<void> {
    return this.#ledger.change((records) => {
      const changes: IdentityStoreChange[] = []
      for (const [role, member] of pairs(records, roles, members)) {
        if (role.id === PUBLIC_ROLE_ID || member.id === PUBLIC_ROLE_ID) throw publicMembership()
        if (rolesHeldBy(records, role.id).has(member.id)) {
          throw new GatewayError(
            'invalid_parameter_value',
            `role "${role.name}" is already a member of role "${member.name}"`,
            { hint: 'Memberships must not form a circle. Revoke the other one first.' },
          )
        }
        const before = records.memberships.get(member.id)?.get(role.id)
        const adminOption = admin || before?.adminOption === true
        const membership = { roleId: role.id, memberId: member.id, adminOption }
        changes.push({ kind: 'put_membership', membership })
      }
      return { changes, result: undefined }
    })
  }

  revoke(roles: readonly string[], members: readonly string[], adminOnly: boolean): Promise<void> {
    return this.#ledger.change((records) => {
      const changes: IdentityStoreChange[] = []
      for (const [role, member] of pairs(records, roles, members)) {
        if (role.id === PUBLIC_ROLE_ID) throw publicMembership()
        const membership = records.memberships.get(member.id)?.get(role.id)
        if (!membership) continue
        changes.push(
          adminOnly
            ? { kind: 'put_membership', membership: { ...membership, adminOption: false } }
            : { kind: 'remove_membership', roleId: role.id, memberId: member.id },
        )
      }
      checkAnAdministratorStays(records, changes)
      return { changes, result: undefined }
    })
  }
}

/**
 * @param field The member of the request that names it.
 * @throws GatewayError `undefined_object`.
 */
export function roleNamed(records: IdentityRecords, name: string, field?: string): RoleRow {
  const role = records.roleByName(name)
  if (role) return role
  throw new GatewayError('undefined_object', `role ${shown(name)} does not exist`, {
    ...(field !== undefined && { field }),
    hint: 'List the roles with: bluegate role list',
  })
}

export function roleInfo(records: IdentityRecords, role: RoleRow): RoleInfo {
  const memberships = [...(records.memberships.get(role.id)?.values() ?? [])]
  return {
    ...role,
    memberOf: memberships.map(({ roleId, adminOption }) => ({
      role: records.roles.get(roleId)?.name ?? roleId,
      adminOption,
    })),
  }
}

function changeableRole(records: IdentityRecords, name: string): RoleRow {
  const role = roleNamed(records, name)
  if (!role.builtIn) return role
  throw new GatewayError('insufficient_privilege', `role "${role.name}" is built in`, {
    hint: 'It cannot be dropped, renamed or given other attributes.',
  })
}

function checkNameIsFree(records: IdentityRecords, name: string): void {
  const other = records.roleByName(name)
  if (!other) return
  throw new GatewayError('duplicate_object', `role "${other.name}" already exists`, {
    field: 'name',
    hint: 'Names of roles are unique without regard to upper and lower case.',
  })
}

function checkUnused(records: IdentityRecords, role: RoleRow): void {
  const having = (rows: Iterable<{ roleId: string; name: string }>): string[] =>
    [...rows].filter(({ roleId }) => roleId === role.id).map(({ name }) => name)
  const clients = having(records.clients.values())
  const users = having(records.users.values())
  const kinds = [...(clients.length > 0 ? ['clients'] : []), ...(users.length > 0 ? ['users'] : [])]
  if (kinds.length === 0) return
  throw new GatewayError(
    'dependent_objects_still_exist',
    `role "${role.name}" cannot be dropped because ${kinds.join(' and ')} use it`,
    {
      detail: [namesWithRole('Clients', clients), namesWithRole('Users', users)]
        .filter(Boolean)
        .join(' '),
      hint: `Delete these ${kinds.join(' and ')} first, or give them another role.`,
    },
  )
}

function namesWithRole(kind: string, names: readonly string[]): string {
  if (names.length === 0) return ''
  const shownNames = names.toSorted().slice(0, NAMES_SHOWN_MAX).join(', ')
  const others = names.length - NAMES_SHOWN_MAX
  return `${kind} with this role: ${shownNames}${others > 0 ? ` and ${others} more` : ''}.`
}

function pairs(
  records: IdentityRecords,
  roles: readonly string[],
  members: readonly string[],
): [RoleRow, RoleRow][] {
  const memberRows = members.map((name) => roleNamed(records, name))
  return roles.flatMap((name) => {
    const role = roleNamed(records, name)
    return memberRows.map((member): [RoleRow, RoleRow] => [role, member])
  })
}

function publicMembership(): GatewayError {
  return new GatewayError('invalid_parameter_value', 'every role is a member of "public"', {
    hint: 'That can be neither granted nor revoked, and "public" can be a member of nothing. Grant permissions to PUBLIC instead.',
  })
}
