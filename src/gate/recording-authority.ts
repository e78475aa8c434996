/**
 * A role's authority that remembers what it was asked for, for finding out what a statement needs.
 *
 * It never serves for a permit: the gate's `requirementsOf` makes none.
 */
import type { Authority } from '../identity/authority.ts'
import type { ObjectRef, Requirement } from '../identity/permission.ts'
import type { Permission } from '../base/permission-name.ts'

export class RecordingAuthority implements Authority {
  readonly #authority: Authority
  readonly #seesAll: boolean
  readonly #asked: Requirement[] = []

  /** `seesAll`: knows of everything and may everything, to learn what the role itself may not. */
  constructor(authority: Authority, seesAll: boolean) {
    this.#authority = authority
    this.#seesAll = seesAll
  }

  get roleId(): string {
    return this.#authority.roleId
  }

  get roleName(): string {
    return this.#authority.roleName
  }

  get grantsVersion(): number {
    return this.#authority.grantsVersion
  }

  get superuser(): boolean {
    return this.#authority.superuser
  }

  get clusterAdmin(): boolean {
    return this.#authority.clusterAdmin
  }

  get login(): boolean {
    return this.#authority.login
  }

  may(permission: Permission, object: ObjectRef): boolean {
    return this.#seesAll || this.#authority.may(permission, object)
  }

  columns(permission: 'SELECT' | 'DDL', table: ObjectRef): 'all' | ReadonlySet<string> {
    return this.#seesAll ? 'all' : this.#authority.columns(permission, table)
  }

  knows(table: ObjectRef): boolean {
    return this.#seesAll || this.#authority.knows(table)
  }

  covers(requirement: Requirement): boolean {
    this.#asked.push(requirement)
    return this.#seesAll || this.#authority.covers(requirement)
  }

  /** All that it was asked for so far and the role does not hold. */
  get lacking(): Requirement[] {
    return this.#asked.filter((requirement) => !this.#authority.covers(requirement))
  }

  /** All that it was asked for so far. */
  get asked(): readonly Requirement[] {
    return this.#asked
  }
}
