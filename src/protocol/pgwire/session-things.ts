/** The statements and portals that the client named, and what ends them. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { Session } from '../../session/session.ts'
import type { Statement } from '../../sql/statement.ts'
import { NamedThings } from './named-things.ts'
import type { PgWireLimits } from './pgwire-limits.ts'
import { closePortal } from './portal.ts'
import type { Portal } from './portal.ts'
import type { PreparedStatement } from './prepared-statement.ts'

const UNNAMED = ''

export class SessionThings {
  readonly #session: Pick<Session, 'transactionStatus'>
  readonly #portals: NamedThings<Portal>
  readonly #statements: NamedThings<PreparedStatement>

  constructor(session: Pick<Session, 'transactionStatus'>, limits: PgWireLimits) {
    this.#session = session
    this.#portals = new NamedThings('portals', limits.portalsMax, limits.portalBytesMax)
    this.#statements = new NamedThings(
      'prepared statements',
      limits.preparedStatementsMax,
      limits.preparedBytesMax,
    )
  }

  /** @throws GatewayError `invalid_statement_name`. */
  statement(name: string): PreparedStatement {
    const statement = this.#statements.get(name)
    if (statement) return statement
    throw new GatewayError(
      'invalid_statement_name',
      name === UNNAMED
        ? 'unnamed prepared statement does not exist'
        : `prepared statement "${name}" does not exist`,
    )
  }

  /**
   * As soon as a Parse comes, as PostgreSQL: if it is refused, a Bind that follows must not find the
   * unnamed statement of before and run it.
   */
  dropStatementBefore(name: string): void {
    if (name === UNNAMED) this.#statements.remove(UNNAMED)
  }

  /** @throws GatewayError `duplicate_prepared_statement`. */
  addStatement(name: string, statement: PreparedStatement): void {
    if (this.#statements.get(name)) {
      throw new GatewayError(
        'duplicate_prepared_statement',
        `prepared statement "${name}" already exists`,
      )
    }
    this.#statements.add(name, statement, statement.bytes)
  }

  /** A name that nobody has is no mistake. */
  removeStatement(name: string): void {
    this.#statements.remove(name)
  }

  /** @throws GatewayError `invalid_cursor_name`. */
  portal(name: string): Portal {
    const portal = this.#portals.get(name)
    if (portal) return portal
    if (this.#session.transactionStatus === 'failed_transaction') throw inFailedTransaction()
    throw new GatewayError(
      'invalid_cursor_name',
      name === UNNAMED ? 'unnamed portal does not exist' : `portal "${name}" does not exist`,
    )
  }

  /** The unnamed one replaces the one before. @throws GatewayError `duplicate_cursor`. */
  async addPortal(name: string, portal: Portal, bytes: number): Promise<void> {
    if (name === UNNAMED) await this.removePortal(UNNAMED)
    else if (this.#portals.get(name)) {
      throw new GatewayError('duplicate_cursor', `portal "${name}" already exists`)
    }
    this.#portals.add(name, portal, bytes)
  }

  /** A name that nobody has is no mistake. */
  async removePortal(name: string): Promise<void> {
    const portal = this.#portals.remove(name)
    if (portal) await closePortal(portal)
  }

  /** Portals live as long as their transaction. */
  async removeAllPortals(): Promise<void> {
    const portals = this.#portals.values
    this.#portals.clear()
    await Promise.all(portals.map(closePortal))
  }

  /** A simple query takes the place of both unnamed things. */
  async dropUnnamed(): Promise<void> {
    this.removeStatement(UNNAMED)
    await this.removePortal(UNNAMED)
  }

  /**
   * Before a statement that names one of these things: after an error in a transaction that is told,
   * and not whether the name is there.
   *
   * @throws GatewayError `failed_transaction`, `invalid_statement_name`.
   */
  check(statement: Statement): void {
    const failed = this.#session.transactionStatus === 'failed_transaction'
    if (failed && namesPrepared(statement)) throw inFailedTransaction()
    if (statement.kind === 'deallocate' && statement.name !== undefined) {
      this.statement(statement.name)
    }
  }

  /** After a statement succeeded that ends some of these things. */
  async follow(statement: Statement): Promise<void> {
    switch (statement.kind) {
      case 'commit':
      case 'rollback':
        return await this.removeAllPortals()
      case 'close_cursor':
        if (statement.name === undefined) await this.removeAllPortals()
        return
      case 'deallocate':
        if (statement.name === undefined) this.#statements.clear()
        else this.removeStatement(statement.name)
        return
      case 'discard':
        if (statement.what !== 'all') return
        this.#statements.clear()
        return await this.removeAllPortals()
      default:
    }
  }
}

function namesPrepared(statement: Statement): boolean {
  if (statement.kind === 'engine') return statement.form === 'execute'
  return statement.kind === 'prepare' || statement.kind === 'deallocate'
}

export function inFailedTransaction(): GatewayError {
  return new GatewayError(
    'failed_transaction',
    'current transaction is aborted, commands ignored until end of transaction block',
  )
}
