/**
 * What a session is in, as its answers tell it: transaction, portals, skipping after an error; and
 * the answers that more than one message has in common.
 */
import { WrongAnswer } from './answer-cursor.ts'
import type { AnswerCursor } from './answer-cursor.ts'
import { columnCount, tagOf } from './backend-reader.ts'
import type { FuzzWorld, KnownStatement } from './fuzz-world.ts'

/** Undefined: a statement of which nothing is known. */
export type Known = KnownStatement | undefined

export interface Portal {
  readonly known: Known
  rowsLeft: number
  finished: boolean
}

/** What a message must lead to, as far as that is known. */
export type Outcome = 'succeeds' | 'fails' | 'unknown'

export const FAILED_TRANSACTION = '25P02'
const ENDS = new Set<KnownStatement['does']>(['commit', 'rollback', 'nothing'])

export abstract class SessionAnswers {
  protected readonly world: FuzzWorld
  protected readonly answers: AnswerCursor
  protected readonly portals = new Map<string, Portal>()
  protected status: 'I' | 'T' | 'E' = 'I'
  protected skipping = false
  /** True from when a statement of which nothing is known may have changed anything. */
  protected unsure = false
  /** A statement may be cancelled at any moment. */
  protected readonly mayCancel: boolean
  /** True as long as everything had to happen as it did. */
  exact = true

  constructor(world: FuzzWorld, answers: AnswerCursor, mayCancel: boolean) {
    this.world = world
    this.answers = answers
    this.mayCancel = mayCancel
  }

  /** Whether the statement that is to be answered now is answered by a cancel, after some rows. */
  protected isCancelled(): boolean {
    return this.answers.typeAfterRows === 'E'
  }

  protected cancelled(): void {
    this.exact = false
    for (const type of 'THDdc') this.answers.takeAll(type)
    this.fail('a statement that may be cancelled')
  }

  protected row(known: KnownStatement): void {
    expectCount(columnCount(this.answers.take('D', 'a row that is due')), known.columns, 'values')
  }

  /** The rows of a COPY: as many as are known, or any number. Then it may fail. */
  protected copy(rows: number | undefined): void {
    this.answers.take('H', 'COPY')
    for (let row = 0; row < (rows ?? 0); row += 1) this.answers.take('d', 'COPY')
    if (rows === undefined) this.answers.takeAll('d')
    if (rows === undefined && this.answers.nextType === 'E') return
    this.answers.take('c', 'the rows of a COPY')
  }

  /** Notices, the tag, and what it says of the transaction. @returns the tag. */
  protected complete(why: string): string {
    this.answers.takeAll('N')
    const tag = tagOf(this.answers.take('C', why))
    if (tag === 'BEGIN' && this.status === 'I') this.status = 'T'
    if (tag === 'COMMIT' || tag === 'ROLLBACK') {
      this.status = 'I'
      this.portals.clear()
    }
    if (/^(?:DISCARD|DEALLOCATE|CLOSE)/.test(tag)) this.unsure = true
    return tag
  }

  protected endOfStep(): void {
    if (this.status === 'I') this.portals.clear()
  }

  protected ready(why: string): void {
    this.answers.takeAll('S')
    const status = this.answers.take('Z', why).body.toString()
    if (status !== this.status && !this.unsure) {
      throw new WrongAnswer(`ReadyForQuery ${status} where ${this.status} is due, to ${why}`)
    }
  }

  /** @returns whether it succeeded. */
  protected expect(
    outcome: Outcome,
    success: string,
    why: string,
    codes?: readonly string[],
  ): boolean {
    const open = outcome === 'unknown' || this.unsure
    if (open) this.exact = false
    const failed = open ? this.answers.nextType === 'E' : outcome === 'fails'
    if (failed) this.skipAfter(() => this.fail(why, open ? undefined : codes))
    else this.answers.take(success, why)
    return !failed
  }

  protected skipAfter(fail: () => void): void {
    fail()
    this.skipping = true
  }

  /** Portals end with the transaction that failed. */
  protected fail(why: string, codes?: readonly string[]): void {
    this.answers.takeError(why, this.unsure ? undefined : codes)
    this.portals.clear()
    if (this.status === 'T') this.status = 'E'
  }

  protected refuses(known: Known): boolean {
    return known !== undefined && this.status === 'E' && !ENDS.has(known.does)
  }
}

/** @throws WrongAnswer */
export function expectCount(told: number, due: number, what: string): void {
  if (told !== due) throw new WrongAnswer(`${told} ${what} where ${due} are due`)
}
