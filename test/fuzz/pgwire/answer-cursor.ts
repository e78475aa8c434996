/** The answers in order, taken one by one by whoever knows which may come. */
import { errorOf } from './backend-reader.ts'
import type { Answer } from './backend-reader.ts'

/** No more answers are there, and one is due. */
export class AnswersMissing extends Error {}

/** The door broke the protocol. */
export class WrongAnswer extends Error {}

/** SQLSTATE of what the gateway did not expect: whatever a client sends, it must not come. */
const INTERNAL = 'XX000'

export class AnswerCursor {
  readonly #answers: readonly Answer[]
  #at = 0

  constructor(answers: readonly Answer[]) {
    this.#answers = answers
  }

  get left(): number {
    return this.#answers.length - this.#at
  }

  /** The type of the next answer. @throws AnswersMissing */
  get nextType(): string {
    const answer = this.#answers[this.#at]
    if (!answer) throw new AnswersMissing()
    return answer.type
  }

  /** The type of the first answer that is no row, and not what comes before and after rows. */
  get typeAfterRows(): string {
    let at = this.#at
    while ('TDHdc'.includes(this.#answers[at]?.type ?? '-')) at += 1
    const answer = this.#answers[at]
    if (!answer) throw new AnswersMissing()
    return answer.type
  }

  /** @param why What it answers, for the failure. @throws WrongAnswer, AnswersMissing */
  take(types: string, why: string): Answer {
    const type = this.nextType
    const answer = this.#answers[this.#at]
    if (!answer || !types.includes(type)) {
      const told = answer && 'EN'.includes(type) ? ` (${errorOf(answer).code})` : ''
      throw new WrongAnswer(`answer ${this.#at}: ${type}${told} where ${types} is due, to ${why}`)
    }
    this.#at += 1
    return answer
  }

  /** Takes as many of one type as there are. */
  takeAll(type: string): number {
    const from = this.#at
    while (this.#answers[this.#at]?.type === type) this.#at += 1
    return this.#at - from
  }

  /** An ErrorResponse that leaves the session open. */
  takeError(why: string, codes?: readonly string[]): void {
    this.#takeErrorOf('ERROR', why, codes)
  }

  /** The last answer of a connection. */
  takeFatal(why: string, codes?: readonly string[]): void {
    this.#takeErrorOf('FATAL', why, codes)
    this.expectNoMore(why)
  }

  expectNoMore(why: string): void {
    const answer = this.#answers[this.#at]
    if (answer) throw new WrongAnswer(`answer ${this.#at}: ${answer.type} after ${why}`)
  }

  #takeErrorOf(severity: string, why: string, codes?: readonly string[]): void {
    const told = errorOf(this.take('E', why))
    if (told.code === INTERNAL) throw new WrongAnswer(`an error inside, to ${why}`)
    if (told.severity === severity && (codes?.includes(told.code) ?? true)) return
    const due = `${severity} ${codes?.join(' or ') ?? ''}`
    throw new WrongAnswer(`${told.severity} ${told.code} where ${due} is due, to ${why}`)
  }
}
