/** A conversation with one gateway: the statements of a script or of a person, one after another. */
import { toGatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { printable } from '../printable.ts'
import { errorText } from './error-text.ts'
import { printResult } from './print-result.ts'
import type { ResultForm } from './result-form.ts'
import { SqlConnection, SqlError } from './sql-connection.ts'
import type { DoorAddress, Login } from './sql-connection.ts'

export class ConsoleSession {
  readonly #ports: CliPorts
  readonly #address: DoorAddress
  readonly #form: ResultForm
  #login: Login
  #connection: SqlConnection
  #isRunning = false
  /** Names that are looked up while a person types on: statements and other names wait for it. */
  #lookup: Promise<unknown> = Promise.resolve()

  /** @throws GatewayError `cannot_connect_now`; SqlError for a login that is refused. */
  static async open(
    ports: CliPorts,
    address: DoorAddress,
    login: Login,
    form: ResultForm,
  ): Promise<ConsoleSession> {
    const connection = await SqlConnection.open(address, login)
    return new ConsoleSession(ports, address, login, form, connection)
  }

  private constructor(
    ports: CliPorts,
    address: DoorAddress,
    login: Login,
    form: ResultForm,
    connection: SqlConnection,
  ) {
    this.#ports = ports
    this.#address = address
    this.#login = login
    this.#form = form
    this.#connection = connection
  }

  get database(): string {
    return this.#login.database
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  /** Runs and prints one statement. @returns whether it succeeded; what went wrong is printed. */
  async run(statement: string): Promise<boolean> {
    this.#isRunning = true
    try {
      await this.#lookup
      if (!this.#connection.isOpen) await this.#connectAgain()
      return await printResult(this.#ports, this.#connection.run(statement), statement, this.#form)
    } catch (error) {
      this.#connection.close()
      return this.#failed(error)
    } finally {
      this.#isRunning = false
    }
  }

  /** The first column of a query that nobody sees. @throws what the connection throws. */
  async namesOf(query: string): Promise<string[]> {
    const looking = this.#lookup.then(() => this.#firstColumn(query))
    this.#lookup = looking.catch(() => undefined)
    return await looking
  }

  /** Another database, in a session of its own; the old one stays when that fails. */
  async use(database: string): Promise<boolean> {
    const login = { ...this.#login, database }
    try {
      const connection = await SqlConnection.open(this.#address, login)
      this.#connection.close()
      this.#connection = connection
      this.#login = login
      return true
    } catch (error) {
      return this.#failed(error)
    }
  }

  /** Aborts the running statement, if there is one. */
  async cancel(): Promise<void> {
    if (!this.#isRunning) return
    try {
      await this.#connection.cancel()
    } catch (error) {
      this.#failed(error)
    }
  }

  close(): void {
    this.#connection.close()
  }

  /** Empty where the query fails. */
  async #firstColumn(query: string): Promise<string[]> {
    const names: string[] = []
    for await (const events of this.#connection.run(query)) {
      for (const event of events) {
        if (event.kind === 'row' && event.values[0] !== null) names.push(event.values[0] ?? '')
      }
    }
    return names
  }

  async #connectAgain(): Promise<void> {
    this.#connection = await SqlConnection.open(this.#address, this.#login)
    this.#ports.writeError('connected again: what was set in the old session is gone\n')
  }

  #failed(error: unknown): false {
    this.#ports.writeError(failureText(error))
    return false
  }
}

/** What stopped a conversation, as `runCli` would print it. */
export function failureText(error: unknown): string {
  if (error instanceof SqlError) return errorText(error.fields, '')
  const { message, hint } = toGatewayError(error)
  return `error: ${printable(message)}\n${hint === undefined ? '' : `hint: ${printable(hint)}\n`}`
}
