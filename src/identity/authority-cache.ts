/** Authorities, computed once per role and version of the grants. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Authority } from './authority.ts'
import { computeAuthority } from './compute-authority.ts'
import type { IdentityLedger } from './identity-ledger.ts'

export class AuthorityCache {
  readonly #ledger: IdentityLedger
  readonly #authorities = new Map<string, Authority>()
  #grantsVersion = -1

  constructor(ledger: IdentityLedger) {
    this.#ledger = ledger
  }

  of(roleId: string): Authority {
    const { records, grantsVersion } = this.#ledger
    if (this.#grantsVersion !== grantsVersion) this.#authorities.clear()
    this.#grantsVersion = grantsVersion
    const cached = this.#authorities.get(roleId)
    if (cached) return cached
    const authority = computeAuthority(records, roleId, grantsVersion)
    if (!authority) {
      throw new GatewayError('undefined_object', 'the role does not exist any more', {
        hint: 'It was dropped. Connect again under another one.',
      })
    }
    this.#authorities.set(roleId, authority)
    return authority
  }
}
