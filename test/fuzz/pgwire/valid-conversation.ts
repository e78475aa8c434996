/**
 * Conversations as drivers have them, from a model of what a client knows of its session: names
 * that it made, whether it is in a transaction, what it skips after an error.
 */
import {
  bare,
  bind,
  close,
  copyData,
  copyFail,
  describe,
  execute,
  functionCall,
  parse,
  password,
  query,
  request,
  startup,
  GSSENC_REQUEST,
  PROTOCOL_3_0,
} from './client-message.ts'
import type { ClientMessage } from './client-message.ts'
import type { FuzzWorld, KnownStatement } from './fuzz-world.ts'
import type { Random } from '../random.ts'

/** Start-up and password: what leads to the first ReadyForQuery. */
export function logIn(world: FuzzWorld, random: Random, secure: boolean): ClientMessage[] {
  const parameters: Record<string, string> = { user: world.user }
  if (!random.onceIn(4)) parameters['database'] = random.pick(['master', 'master', world.user])
  if (random.onceIn(2)) parameters['application_name'] = random.pick(['psql', 'é', ''])
  const newer = random.onceIn(8)
  if (newer && random.onceIn(2)) parameters['_pq_.x'] = 'on'
  const version = PROTOCOL_3_0 + (newer ? 2 : 0)
  const before = !secure && random.onceIn(8) ? [request(GSSENC_REQUEST)] : []
  return [...before, startup(parameters, version), password(world.token)]
}

/** Messages of a client that is logged in, about `length` of them. */
export function validMessages(world: FuzzWorld, random: Random, length: number): ClientMessage[] {
  const client = new Client(world, random)
  while (client.messages.length < length) client.act()
  if (random.onceIn(3)) client.messages.push(bare('X'))
  return client.messages
}

class Client {
  readonly messages: ClientMessage[] = []
  readonly #world: FuzzWorld
  readonly #random: Random
  readonly #prepared = new Map<string, KnownStatement>()
  #status: 'I' | 'T' | 'E' = 'I'
  #names = 0

  constructor(world: FuzzWorld, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** One thing that a driver does, up to where it waits for ReadyForQuery. */
  act(): void {
    switch (this.#random.below(10)) {
      case 0:
      case 1:
        return this.#simple()
      case 2:
        return this.#transaction()
      case 3:
        return this.#prepare()
      case 4:
        return this.#portals()
      case 5:
        return this.#strays()
      default:
        return this.#pipeline()
    }
  }

  #simple(): void {
    const count = this.#random.onceIn(3) ? this.#random.between(2, 4) : 1
    const statements = Array.from({ length: count }, () => this.#statement()).filter(
      ({ parameter }) => parameter === undefined,
    )
    this.messages.push(query(statements.map(({ text }) => text).join('; ')))
    this.#ran(...statements)
  }

  #transaction(): void {
    const next = this.#status === 'I' ? 'BEGIN' : this.#random.pick(['COMMIT', 'ROLLBACK'])
    if (this.#random.onceIn(2)) this.messages.push(query(next))
    else this.messages.push(parse('', next), bind('', ''), execute(''), bare('S'))
    this.#status = next === 'BEGIN' ? 'T' : 'I'
  }

  /** A named statement: made once, described, used later. */
  #prepare(): void {
    const [name] = this.#prepared.keys()
    if (name !== undefined && this.#random.onceIn(2)) {
      this.#prepared.delete(name)
      this.messages.push(close('S', name), bare('S'))
      return
    }
    const known = this.#statement()
    const made = this.#newName()
    this.messages.push(parse(made, known.text), describe('S', made), bare('H'), bare('S'))
    if (this.#fails(known) || known.does === 'cannot run') {
      if (this.#status === 'T') this.#status = 'E'
      if (this.#fails(known)) return // no such statement then
    }
    this.#prepared.set(made, known)
  }

  /** Several portals that take turns, as paging drivers do. */
  #portals(): void {
    const names = Array.from({ length: this.#random.between(1, 3) }, () => this.#newName())
    const known = this.#world.statements.filter(({ does, rows }) => does === 'rows' && rows > 1)
    for (const name of names) {
      const { text } = known[this.#random.below(known.length)] ?? this.#world.statements[0]
      this.messages.push(parse('', text), bind(name, '', [], this.#formats()))
      if (this.#random.onceIn(2)) this.messages.push(describe('P', name))
    }
    for (let turn = this.#random.between(1, 6); turn > 0; turn -= 1) {
      const name = names[this.#random.below(names.length)] ?? ''
      this.messages.push(execute(name, this.#random.between(0, 8)))
      if (this.#random.onceIn(3)) this.messages.push(bare('H'))
    }
    if (this.#random.onceIn(2)) this.messages.push(close('P', names[0] ?? ''))
    this.messages.push(bare('S'))
  }

  /** What belongs to no query of ours: refused, or passed over. */
  #strays(): void {
    const stray = [
      functionCall(),
      bare('S'),
      bare('H'),
      bare('c'),
      copyData(this.#random.bytes(this.#random.below(20))),
      copyFail('no'),
      query(' '),
    ]
    const at = this.#random.below(stray.length)
    this.messages.push(stray[at] ?? bare('S'))
    if (at === 0 && this.#status === 'T') this.#status = 'E'
  }

  /** Parse to Execute of some statements, with one Sync behind all of them. */
  #pipeline(): void {
    const steps = this.#random.onceIn(3) ? this.#random.between(2, 5) : 1
    const statements = Array.from({ length: steps }, () => this.#extended())
    if (this.#random.onceIn(6)) this.messages.push(bare('H'))
    this.messages.push(bare('S'))
    this.#ran(...statements)
  }

  #extended(): KnownStatement {
    const [[named, prepared] = []] = this.#prepared
    const again = prepared && this.#random.onceIn(3)
    const known = again ? prepared : this.#statement()
    const statement = again ? (named ?? '') : ''
    const formats = known.does === 'rows' ? this.#formats() : {}
    if (!again) this.messages.push(parse('', known.text, this.#oids(known)))
    if (!again && this.#random.onceIn(4)) this.messages.push(describe('S', ''))
    this.messages.push(bind('', statement, this.#values(known), formats))
    if (this.#random.onceIn(2)) this.messages.push(describe('P', ''))
    this.messages.push(execute('', this.#random.onceIn(4) ? 3 : 0))
    if (this.#random.onceIn(6)) this.messages.push(close('P', ''))
    return known
  }

  #statement(): KnownStatement {
    const { statements } = this.#world
    const plain = statements.filter(({ does }) => does !== 'begin' && does !== 'commit')
    return plain[this.#random.below(plain.length)] ?? statements[0]
  }

  #oids({ parameter }: KnownStatement): number[] {
    if (!parameter || this.#random.onceIn(2)) return []
    return [parameter === 'integer' ? 23 : 25]
  }

  #values({ parameter }: KnownStatement): (string | null)[] {
    if (!parameter) return []
    if (this.#random.onceIn(4)) return [null]
    return [parameter === 'integer' ? String(this.#random.below(1000)) : this.#random.pick(TEXTS)]
  }

  #formats(): { results?: number[] } {
    return this.#random.onceIn(3) ? { results: [this.#random.below(2)] } : {}
  }

  #newName(): string {
    this.#names += 1
    return `${this.#random.pick(['s', 'é', 'a long name with blanks '])}${this.#names}`
  }

  /** In a failed transaction only its end and nothing at all may be asked for. */
  #fails({ does }: KnownStatement): boolean {
    return this.#status === 'E' && !['commit', 'rollback', 'nothing'].includes(does)
  }

  #ran(...statements: readonly KnownStatement[]): void {
    for (const known of statements) {
      const { does } = known
      if (this.#fails(known) || does === 'cannot run' || does === 'fails at a row') {
        if (this.#status === 'T') this.#status = 'E'
        return // the rest is skipped
      }
      if (does === 'rollback') this.#status = 'I'
    }
  }
}

const TEXTS: [string, ...string[]] = ['a', '', "it's", 'é', 'x'.repeat(300)]
