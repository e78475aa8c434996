/**
 * A model of a session, from its first ReadyForQuery on: which answers may come to which message.
 *
 * What a message must lead to is known where its statement is one of the world's; of others (texts
 * that a mutation made) the order of the answers is checked, and the model believes their outcome.
 *
 * Source: PostgreSQL manual, "Message Flow".
 */
import { isUtf8 } from 'node:buffer'
import { WrongAnswer } from './answer-cursor.ts'
import { columnCount } from './backend-reader.ts'
import type { MessageType, ReadMessage } from './frontend-reader.ts'
import type { KnownStatement } from './fuzz-world.ts'
import { FAILED_TRANSACTION, SessionAnswers, expectCount } from './session-answers.ts'
import type { Known, Outcome, Portal } from './session-answers.ts'

type Message<T extends MessageType> = Extract<ReadMessage, { type: T }>

export class SessionModel extends SessionAnswers {
  readonly #statements = new Map<string, Known>()
  #copying: { readonly simple: boolean; text: string; rows: number } | undefined
  /** A message came that no COPY knows: the connection ends. */
  lost = false

  /** Takes the answers to one message; `message` is undefined where its body is malformed. */
  follow(type: MessageType, message: ReadMessage | undefined): void {
    if (this.#copying) return this.#copyIn(this.#copying, type, message)
    if (this.skipping && type !== 'S') return
    if (type === 'S') this.skipping = false
    if (!message) {
      this.fail(`a malformed ${type}`, ['08P01', '22021'])
      if ('PBDECH'.includes(type)) this.skipping = true
      else this.ready(type)
      return
    }
    switch (message.type) {
      case 'Q':
        return this.#query(message)
      case 'P':
        return this.#parse(message)
      case 'B':
        return this.#bind(message)
      case 'D':
        return message.target === 'S'
          ? this.#describeStatement(message)
          : this.#describePortal(message)
      case 'E':
        return this.#execute(message)
      case 'C':
        this.answers.take('3', 'Close')
        if (message.target === 'S') this.#statements.delete(message.name)
        else this.portals.delete(message.name)
        return
      case 'S':
        if (this.unsure && this.answers.nextType === 'E') this.fail('a commit')
        this.endOfStep()
        return this.ready('S')
      case 'F':
        this.fail('FunctionCall', ['0A000'])
        return this.ready('F')
      case 'H':
      case 'X':
      case 'd':
      case 'c':
      case 'f':
    }
  }

  #parse({ name, text, oids }: Message<'P'>): void {
    const known = this.#knownText(text, oids)
    if (name === '') this.#statements.delete('')
    const full = this.#statements.size >= this.world.preparedStatementsMax
    if (name !== '' && this.#statements.has(name)) this.expect('fails', '1', 'Parse of a name')
    else if (this.refuses(known)) this.expect('fails', '1', 'Parse', [FAILED_TRANSACTION])
    else if (this.expect(known && !full ? 'succeeds' : 'unknown', '1', 'Parse')) {
      this.#statements.set(name, known)
    }
  }

  #bind(message: Message<'B'>): void {
    const known = this.#statements.get(message.statement)
    const missing = !this.#statements.has(message.statement)
    const taken = message.portal !== '' && this.portals.has(message.portal)
    const full = this.portals.size >= this.world.portalsMax
    let outcome: Outcome = 'unknown'
    if (missing || this.refuses(known)) outcome = 'fails'
    else if (known) outcome = fits(message, known)
    if (taken) outcome = 'fails'
    else if (full && outcome === 'succeeds') outcome = 'unknown'
    const codes = missing ? ['26000'] : undefined
    if (!this.expect(outcome, '2', 'Bind', codes)) return
    const portal = { known, rowsLeft: known?.rows ?? 0, finished: false }
    this.portals.set(message.portal, portal)
  }

  #describeStatement({ name }: Message<'D'>): void {
    const missing = !this.#statements.has(name)
    const known = this.#statements.get(name)
    const outcome = missing ? 'fails' : this.#describes(known)
    if (!this.expect(outcome, 't', 'Describe', missing ? ['26000'] : undefined)) return
    this.#columns(known)
  }

  #describePortal({ name }: Message<'D'>): void {
    const portal = this.portals.get(name)
    const outcome = portal ? this.#describes(portal.known) : 'fails'
    const codes = portal ? undefined : ['34000', FAILED_TRANSACTION]
    if (outcome === 'fails') this.expect(outcome, 'T', 'Describe of a portal', codes)
    else this.#columns(portal?.known, outcome)
  }

  #describes(known: Known): Outcome {
    if (this.status === 'E' || !known) return 'unknown'
    return known.does === 'cannot run' ? 'fails' : 'succeeds'
  }

  /** RowDescription or NoData, whichever is true; or why not. */
  #columns(known: Known, outcome: Outcome = this.#describes(known)): void {
    const due = known ? (known.columns > 0 ? 'T' : 'n') : 'Tn'
    if (outcome === 'unknown' && this.answers.nextType === 'E') {
      this.expect(outcome, due, 'Describe')
      return
    }
    const answer = this.answers.take(due, 'Describe')
    if (!known) this.exact = false
    if (answer.type === 'T' && known) expectCount(columnCount(answer), known.columns, 'columns')
  }

  #execute({ portal: name, rowsMax }: Message<'E'>): void {
    const portal = this.portals.get(name)
    if (!portal) return this.skipAfter(() => this.fail('Execute', ['34000', FAILED_TRANSACTION]))
    const { known } = portal
    if (!known) return this.#executeUnknown(portal)
    if (known.does === 'nothing') return void this.answers.take('I', 'Execute of nothing')
    if (this.refuses(known)) return this.skipAfter(() => this.fail('Execute', [FAILED_TRANSACTION]))
    if (portal.finished) return this.#executeAgain(known)
    if (this.mayCancel && this.isCancelled()) return this.skipAfter(() => this.cancelled())
    switch (known.does) {
      case 'rows':
        return this.#rows(portal, known, rowsMax)
      case 'copy':
        this.copy(known.rows)
        portal.finished = true
        return void this.complete('Execute')
      case 'copy in':
        portal.finished = true
        return this.#beginCopyIn(false)
      case 'cannot run':
        return this.skipAfter(() => this.fail('a statement that cannot run'))
      case 'fails at a row':
        this.answers.takeAll('D')
        return this.skipAfter(() => this.fail('a row that fails'))
      case 'command':
      case 'begin':
      case 'commit':
      case 'rollback':
        portal.finished = true
        return void this.complete('Execute')
    }
  }

  #rows(portal: Portal, known: KnownStatement, rowsMax: number): void {
    const due = rowsMax === 0 ? portal.rowsLeft : Math.min(rowsMax, portal.rowsLeft)
    for (let row = 0; row < due; row += 1) this.row(known)
    const limited = rowsMax > 0 && rowsMax <= portal.rowsLeft
    // with as many rows as were asked for, a server may know already that there are no more
    const mayEnd = !limited || rowsMax === portal.rowsLeft
    portal.rowsLeft -= due
    if (limited && (!mayEnd || this.answers.nextType === 's')) {
      this.answers.take('s', 'the end of a part')
      return
    }
    portal.finished = true
    this.complete('Execute')
  }

  #executeAgain({ does }: KnownStatement): void {
    if (does === 'rows') this.complete('Execute at the end')
    else this.skipAfter(() => this.fail('a command that ran', ['55000']))
  }

  #executeUnknown(portal: Portal): void {
    this.exact = false
    this.answers.takeAll('D')
    if (this.answers.nextType === 'H') this.copy(undefined)
    if (this.answers.nextType === 'E') return this.skipAfter(() => this.fail('Execute'))
    if (this.answers.nextType === 's' || this.answers.nextType === 'I') {
      this.answers.take('sI', 'Execute')
    } else {
      portal.finished = true
      this.complete('Execute')
    }
  }

  #query({ text }: Message<'Q'>): void {
    this.#statements.delete('')
    this.portals.delete('')
    const parts = text.split(';').map((part) => this.#knownText(part.trim(), []))
    // what becomes of a parameter that has no value is the executor's affair
    const known = parts.flatMap((part) => (part && !part.parameter ? [part] : []))
    if (known.length === parts.length) this.#queryKnown(known)
    else this.#queryUnknown()
    if (this.#copying) return
    this.endOfStep()
    this.ready('Q')
  }

  #beginCopyIn(simple: boolean): void {
    this.answers.take('G', 'COPY FROM')
    this.#copying = { simple, text: '', rows: 0 }
  }

  #copyIn(
    copying: { readonly simple: boolean; text: string; rows: number },
    type: MessageType,
    message: ReadMessage | undefined,
  ): void {
    if (message?.type === 'd') {
      const [rest = '', ...lines] = `${copying.text}${message.data.toString('latin1')}`
        .split('\n')
        .toReversed()
      copying.text = rest
      for (const line of lines.toReversed()) {
        if (!IS_INTEGER.test(line)) return this.#copyInFails(BAD_ROW)
        copying.rows += 1
      }
    } else if (type === 'c') {
      if (copying.text !== '' && !IS_INTEGER.test(copying.text)) return this.#copyInFails(BAD_ROW)
      this.#copying = undefined
      const rows = copying.rows + (copying.text === '' ? 0 : 1)
      const tag = this.complete('CopyDone')
      if (tag !== `COPY ${rows}`) throw new WrongAnswer(`${tag} where ${rows} rows were sent`)
      if (copying.simple) {
        this.endOfStep()
        this.ready('CopyDone')
      }
    } else if (type === 'f') {
      this.#copyInFails(['57014'])
    } else if (!'HS'.includes(type)) {
      this.answers.takeError('a message that is none of COPY', ['08P01'])
      this.lost = true
    }
  }

  #copyInFails(codes: readonly string[]): void {
    const simple = this.#copying?.simple
    this.#copying = undefined
    if (!simple) return this.skipAfter(() => this.fail('COPY FROM', codes))
    this.fail('COPY FROM', codes)
    this.ready('COPY FROM')
  }

  #queryKnown(parts: readonly KnownStatement[]): void {
    const statements = parts.filter(({ does }) => does !== 'nothing')
    if (statements.length === 0) this.answers.take('I', 'Query of nothing')
    for (const known of statements) {
      if (this.refuses(known)) return this.fail('Query', [FAILED_TRANSACTION])
      const fails = known.does === 'fails at a row'
      if (known.does === 'cannot run' || (known.failsEarly && this.answers.nextType === 'E')) {
        return this.fail('Query')
      }
      if (this.mayCancel && this.isCancelled()) return this.cancelled()
      if (known.columns > 0) {
        expectCount(columnCount(this.answers.take('T', 'Query')), known.columns, 'columns')
      }
      if (known.does === 'copy in') return this.#beginCopyIn(true)
      if (known.does === 'copy') this.copy(known.rows)
      else for (let row = 0; row < known.rows; row += 1) this.row(known)
      if (fails) {
        this.answers.takeAll('D')
        return this.fail('a row that fails')
      }
      this.complete('Query')
    }
  }

  #queryUnknown(): void {
    this.exact = false
    if (this.answers.nextType === 'I') {
      this.answers.take('I', 'Query')
      return
    }
    do {
      if (this.answers.nextType === 'T') {
        this.answers.take('T', 'Query')
        this.answers.takeAll('D')
      }
      if (this.answers.nextType === 'H') this.copy(undefined)
      if (this.answers.nextType === 'E') return this.fail('Query')
      this.complete('Query')
    } while (!'SZ'.includes(this.answers.nextType))
  }

  #knownText(text: string, oids: readonly number[]): Known {
    const all = [...this.world.statements, this.world.copyIn]
    const known = all.find((each) => each.text === text)
    if (oids.length === 0) return known
    const declared = known?.parameter === 'integer' ? 23 : 25
    return known?.parameter && oids.length === 1 && oids[0] === declared ? known : undefined
  }
}

const IS_INTEGER = /^\d{1,9}$/
const BAD_ROW = ['22P02', '22003', '22P04']

/** Whether a Bind suits its statement. Some that do not may be found out only later. */
function fits({ values, formats, results }: Message<'B'>, known: KnownStatement): Outcome {
  if (values.length !== (known.parameter ? 1 : 0)) return 'fails'
  if (formats.includes(1) || results.length > 1) return 'unknown'
  if (results.includes(1) && known.does !== 'rows') return 'unknown'
  const [value] = values
  if (!value) return 'succeeds'
  if (!isUtf8(value) || value.includes(0)) return 'fails'
  if (known.parameter === 'text') return 'succeeds'
  return /^\d{1,6}$/.test(value.toString()) ? 'succeeds' : 'unknown'
}
