/**
 * One authenticated conversation: who, from where, and how it stands.
 *
 * The statements and portals that a protocol names are its door's; the transaction and the
 * settings are the session's, because every door has them.
 */
import { Emitter } from '../base/emitter.ts'
import type { GatewayError } from '../base/gateway-error.ts'
import type { Principal } from '../identity/principal.ts'
import type { SessionSettings } from './session-settings.ts'

export type TransactionStatus = 'idle' | 'in_transaction' | 'failed_transaction'

export interface SessionOrigin {
  readonly door: 'postgres' | 'grpc' | 'http' | 'local'
  /** The peer's address; `local` for the Unix socket. */
  readonly address: string
  /** How the tool calls itself; claimed, never trusted. */
  readonly tool: string
  readonly tlsVersion: string | undefined
  /** As the client says of itself, where its protocol lets it: claimed, never trusted. */
  readonly initiatedBy?: 'External' | 'CLI' | 'Jobs'
  readonly claimedAddress?: string
}

export class Session {
  readonly id: string
  readonly principal: Principal
  readonly origin: SessionOrigin
  readonly settings: SessionSettings
  readonly startedAt: Date
  /** Emitted once, when the session must end at once: cut off, shut down. The door closes its socket. */
  readonly ended = new Emitter<GatewayError>()
  #endReason: GatewayError | undefined
  #transactionStatus: TransactionStatus = 'idle'
  #queries = 0

  constructor(parts: {
    id: string
    principal: Principal
    origin: SessionOrigin
    settings: SessionSettings
    startedAt: Date
  }) {
    this.id = parts.id
    this.principal = parts.principal
    this.origin = parts.origin
    this.settings = parts.settings
    this.startedAt = parts.startedAt
  }

  /** Where names without a database are looked up: the one of the login, until USE names another. */
  get database(): string {
    return this.settings.database
  }

  get transactionStatus(): TransactionStatus {
    return this.#transactionStatus
  }

  /** Which status may follow which. Reading this table is reading the protocol. */
  static readonly #NEXT: Record<TransactionStatus, readonly TransactionStatus[]> = {
    idle: ['idle', 'in_transaction'],
    in_transaction: ['in_transaction', 'idle', 'failed_transaction'],
    failed_transaction: ['failed_transaction', 'idle', 'in_transaction'], // back in: COMMIT AND CHAIN
  }

  moveTo(status: TransactionStatus): void {
    if (!Session.#NEXT[this.#transactionStatus].includes(status)) {
      throw new Error(`a session cannot go from ${this.#transactionStatus} to ${status}`)
    }
    this.#transactionStatus = status
  }

  /** Numbers statements 1, 2, 3 …, as the audit shows them. */
  nextQueryId(): number {
    this.#queries += 1
    return this.#queries
  }

  /** Why it ended, or undefined while it lives. */
  get endReason(): GatewayError | undefined {
    return this.#endReason
  }

  /** Ends the session at once; later calls do nothing. */
  end(reason: GatewayError): void {
    if (this.#endReason) return
    this.#endReason = reason
    this.ended.emit(reason)
  }
}
