/** What this door needs of the gateway. The server wires it. */
import type { Log } from '../../base/log.ts'
import type { ParallelSession } from '../../execution/executor.ts'
import type { Identity } from '../../identity/identity.ts'
import type { ClientPrincipal } from '../../identity/principal.ts'
import type { SessionOrigin } from '../../session/session.ts'
import type { SessionSettings } from '../../session/session-settings.ts'
import type { LoginRefusal } from '../login-refusal.ts'

export interface BluePorts {
  /** Of the product. */
  readonly version: string
  readonly identity: Pick<Identity, 'authenticate' | 'recordUse' | 'cutOff'>
  /**
   * Opens a session for a client that proved its token.
   * @throws GatewayError `invalid_catalog_name`, `too_many_connections`, and what else forbids it.
   */
  openParallel(request: {
    readonly principal: ClientPrincipal
    readonly database: string
    readonly origin: SessionOrigin
    readonly settings: SessionSettings
  }): Promise<ParallelSession>
  /** Puts a login that was refused on record, before the client is told. */
  recordRefusal(refusal: LoginRefusal): Promise<void>
  readonly log: Log
}
