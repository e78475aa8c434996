/**
 * Which definitions the statements of a session meet, by number, and that a permit was checked against
 * just those (security design, "Time of check / time of use").
 *
 * Without temporary tables that is the number of the committed definitions, or the one of a transaction
 * that has defined something. With them the session has a number of its own, over one state of the
 * committed definitions, and another one as soon as either changes.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import type { HostContext } from './host-context.ts'
import type { Transaction } from './host-transaction.ts'
import type { Binding } from './worker-pool.ts'

interface OwnDefinitions {
  readonly version: number
  /** Of those that everybody sees beside the temporary tables. */
  readonly committed: number
}

export class SessionVersions {
  readonly #context: Pick<HostContext, 'binding' | 'versions'>
  readonly #transaction: () => Transaction | undefined
  /** While there are temporary tables. */
  #own: OwnDefinitions | undefined

  constructor(
    context: Pick<HostContext, 'binding' | 'versions'>,
    transaction: () => Transaction | undefined,
  ) {
    this.#context = context
    this.#transaction = transaction
  }

  get hasTemporary(): boolean {
    return this.#own !== undefined
  }

  /** Temporary tables were made, changed or dropped, and that was committed. */
  temporaryChanged(): void {
    this.#renew()
  }

  temporaryDiscarded(): void {
    this.#own = undefined
  }

  /**
   * For a statement: the permit's version must be the one that it will be bound at, and stay it until
   * it is bound. `begins`: the transaction that begins with the statement.
   */
  toBind(version: number, begins?: Transaction): Binding {
    const { binding, versions } = this.#context
    return {
      mayBegin: () => binding.open,
      begin: () => {
        const transaction = this.#transaction()
        if (transaction?.begun && transaction.version !== versions.current) {
          // It sees the definitions that it began with: what was checked against those still holds,
          // and a COPY goes on while others define.
          const began = this.#seenAt(transaction.version)
          if (transaction.overlay !== undefined || version !== began) throw overtaken()
        } else if (version !== (transaction?.overlay ?? this.#seenAt(versions.current))) {
          throw stale()
        }
        if (begins) {
          begins.begun = true
          begins.version = versions.current
        }
        binding.enterBinding()
      },
    }
  }

  /**
   * For reading the definitions themselves; `version` is theirs from `onBegin` on.
   *
   * A transaction that others have overtaken would read what was, and the number of what is must not
   * be given to that. No new statement could run in it either.
   */
  toRead(onBegin: () => void): { readonly binding: Binding; readonly version: () => number } {
    const { binding, versions } = this.#context
    let version = 0
    return {
      version: () => version,
      binding: {
        mayBegin: () => binding.open,
        begin: () => {
          const { overlay, begun, version: began } = this.#transaction() ?? {}
          if (overlay === undefined && begun && began !== versions.current) throw overtaken()
          version = overlay ?? this.#renew()
          onBegin()
          binding.enterBinding()
        },
      },
    }
  }

  /** The number of what the session sees over those committed definitions; undefined: not read yet. */
  #seenAt(committed: number): number | undefined {
    if (!this.#own) return committed
    return this.#own.committed === committed ? this.#own.version : undefined
  }

  #renew(): number {
    const { versions } = this.#context
    this.#own = { version: versions.next(), committed: versions.current }
    return this.#own.version
  }
}

function stale(): GatewayError {
  return new GatewayError('serialization_failure', 'definitions changed while this was checked', {
    hint: 'Send the statement again.',
    safeToRetry: true,
  })
}

function overtaken(): GatewayError {
  return new GatewayError(
    'serialization_failure',
    'definitions changed since this transaction began',
    { hint: 'Roll back, and run the transaction again.' },
  )
}
