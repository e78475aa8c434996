/** A statement that a client keeps under a name, and what is known of its shape. */
import { GatewayError } from '../../base/gateway-error.ts'
import type { ColumnFormat } from '../../columnar/result-format.ts'
import type { Executor, PreparedShape } from '../../execution/executor.ts'
import type { Statement } from '../../sql/statement.ts'
import type { Parse } from './codec/parse.ts'
import { oidOfTypeName, typeNameOfOid } from './parameters/decode-parameter.ts'

export interface StatementShape extends PreparedShape {
  /** How many of the parameters stand in the text; values of those behind are for nothing. */
  readonly used: number
}

export class PreparedStatement {
  /** What it keeps of the client's bytes, about. */
  readonly bytes: number
  /** Undefined for an empty text, which is legal. */
  readonly statement: Statement | undefined
  readonly #declaredOids: readonly number[]
  #shape: Promise<PreparedShape> | undefined
  #highest: number | undefined

  /**
   * @param shape where it is known already.
   * @throws GatewayError `syntax_error` for more than one statement, and what reading throws.
   */
  constructor(
    { name, text, parameterOids }: Omit<Parse, 'kind'>,
    executor: Pick<Executor, 'read'>,
    shape?: PreparedShape,
  ) {
    const statements = executor.read(text)
    if (statements.length > 1) {
      throw new GatewayError(
        'syntax_error',
        'cannot insert multiple commands into a prepared statement',
      )
    }
    this.statement = statements[0]
    const rewritten = this.statement?.written ? this.statement.text.length : 0
    this.bytes = 2 * (name.length + text.length + rewritten) + 8 * parameterOids.length
    this.#declaredOids = parameterOids
    this.#shape = shape && Promise.resolve(shape)
  }

  /** True where the gateway has to know the parameters before it can take their values. */
  get mayHaveParameters(): boolean {
    return this.#declaredOids.length > 0 || /\$\d/.test(this.statement?.text ?? '')
  }

  /**
   * The engine's names of the types of `count` parameters, if the client declared just these, and
   * just these are in the text.
   */
  declaredTypes(count: number): readonly string[] | undefined {
    if (this.#declaredOids.length !== count || this.#highestParameter() !== count) return undefined
    const names = this.#declaredOids.map(typeNameOfOid)
    return names.every((name) => name !== undefined) ? names : undefined
  }

  /**
   * Or a higher number: one in a string or a comment counts, and costs a question more. Looked for
   * once: a text may be long, and Binds come often.
   */
  #highestParameter(): number {
    const numbers = (): readonly string[] => this.statement?.text.match(/(?<=\$)\d+/g) ?? []
    this.#highest ??= numbers().reduce((highest, next) => Math.max(highest, Number(next)), 0)
    return this.#highest
  }

  /**
   * Parameters and columns, never by running it. Asked for once: later executions are held to the
   * shape that the client was told.
   */
  async shape(executor: Pick<Executor, 'describe'>): Promise<StatementShape> {
    if (!this.statement) return { parameterTypes: [], columns: undefined, used: 0 }
    const declared = this.#declaredOids.map(typeNameOfOid)
    this.#shape ??= executor.describe(this.statement, declared)
    try {
      return this.#withUnused(await this.#shape)
    } catch (error) {
      this.#shape = undefined // may succeed later, when the table is there
      throw error
    }
  }

  /** Parameters that were declared are asked for, also where the text has no use for them. */
  #withUnused({ parameterTypes, columns }: PreparedShape): StatementShape {
    const used = parameterTypes.length
    const unused = this.#declaredOids.slice(used).map((oid) => typeNameOfOid(oid) ?? 'VARCHAR')
    return { parameterTypes: [...parameterTypes, ...unused], columns, used }
  }

  /** The OID under which the client is told parameter `index`: a type that is known here. */
  parameterOid(index: number, { parameterTypes }: Pick<PreparedShape, 'parameterTypes'>): number {
    const declared = this.#declaredOids[index] ?? 0
    if (typeNameOfOid(declared) !== undefined) return declared
    return oidOfTypeName(parameterTypes[index] ?? 'VARCHAR')
  }

  /**
   * The OID by which a value of parameter `index` is read. Text of a type that is not known here is
   * read as what the statement needs; its binary form cannot be guessed, and is refused.
   */
  valueOid(
    index: number,
    format: ColumnFormat,
    shape: Pick<PreparedShape, 'parameterTypes'>,
  ): number {
    const declared = this.#declaredOids[index] ?? 0
    const open = declared === 0 || declared === UNKNOWN_OID || format === 'text'
    return open ? this.parameterOid(index, shape) : declared
  }
}

/** PostgreSQL's type `unknown`, which some drivers declare instead of 0. */
const UNKNOWN_OID = 705
