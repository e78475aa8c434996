/**
 * The gateway's end of an engine session. It outlives the host: after a restart it is opened anew
 * in the next one, and a transaction that was open is a failed one until the client ends it.
 */
import { assert } from '../../base/assert.ts'
import type { GatewayError } from '../../base/gateway-error.ts'
import type { Permit } from '../../identity/permit.ts'
import type {
  Definitions,
  EnginePortal,
  EngineSession,
  Introspection,
  Isolation,
  RunOptions,
  StatementShape,
} from '../engine.ts'
import { TEMPORARY } from '../temporary-database.ts'
import { toWireParameter } from '../wire/wire-parameter.ts'
import { commitLost, readLost, transactionLost, writeLost } from './death.ts'
import { fromWireDefinitions } from './definitions.ts'
import type { HostLink } from './host-link.ts'
import { createIntrospection } from './introspection-client.ts'
import { PortalClient } from './portal-client.ts'
import type { Supervisor } from './supervisor.ts'
import { toWireAction, toWireFiles } from './wire-permit.ts'

export class SessionClient implements EngineSession {
  readonly introspection: Introspection
  readonly #supervisor: Supervisor
  readonly #killAfterMs: number
  readonly #number: number
  /** The host that knows this session, once `#opening` is done. */
  #home: HostLink
  #opening: Promise<unknown>
  #transaction: 'none' | 'open' | 'lost' = 'none'
  #wrote = false
  #definesTemporary = false
  #temporaries = 0
  #lastTemporaries = 0
  #closed = false

  private constructor(
    supervisor: Supervisor,
    killAfterMs: number,
    number: number,
    home: HostLink,
    opening: Promise<unknown>,
  ) {
    this.#supervisor = supervisor
    this.#killAfterMs = killAfterMs
    this.#number = number
    this.#home = home
    this.#opening = opening
    this.introspection = createIntrospection(supervisor, killAfterMs, async () => ({
      link: await this.#here(),
      session: number,
    }))
  }

  static async open(
    supervisor: Supervisor,
    killAfterMs: number,
    number: number,
  ): Promise<SessionClient> {
    const link = await supervisor.link()
    const opening = openOn(link, number)
    await opening
    return new SessionClient(supervisor, killAfterMs, number, link, opening)
  }

  get temporaries(): number {
    return this.#temporaries
  }

  async discardTemporary(): Promise<void> {
    if (this.#temporaries === 0) return
    const link = await this.#here()
    await link.ask(
      { call: 'discardTemporary', session: this.#number },
      { onDeath: () => readLost(true) },
    )
    this.#temporaries = 0
  }

  async readDefinitions(): Promise<Definitions> {
    const link = await this.#here()
    const found = await link.ask(
      { call: 'readDefinitions', session: this.#number },
      { onDeath: () => this.#readLost() },
    )
    this.#supervisor.sawVersion(found.catalogVersion)
    return fromWireDefinitions(found, this.#supervisor.locations)
  }

  async begin(isolation: Isolation, readOnly: boolean): Promise<void> {
    const link = await this.#here()
    assert(this.#transaction === 'none', 'no transaction is open')
    await link.ask(
      { call: 'begin', session: this.#number, isolation, readOnly },
      { onDeath: () => readLost(true) },
    )
    this.#transaction = 'open'
    this.#wrote = false
  }

  async commit(): Promise<'committed' | 'rolled_back'> {
    const link = await this.#here()
    const wrote = this.#wrote
    const lost = this.#transaction === 'lost'
    this.#transaction = 'none'
    const definesTemporary = this.#definesTemporary
    this.#wrote = false
    this.#definesTemporary = false
    if (lost) return 'rolled_back'
    const { outcome } = await link.ask(
      { call: 'commit', session: this.#number },
      { onDeath: () => (wrote ? commitLost() : readLost(false)) },
    )
    if (definesTemporary && outcome === 'committed') {
      this.#lastTemporaries += 1
      this.#temporaries = this.#lastTemporaries
    }
    return outcome
  }

  async rollback(): Promise<void> {
    const link = await this.#here()
    const lost = this.#transaction === 'lost'
    this.#transaction = 'none'
    this.#wrote = false
    this.#definesTemporary = false
    if (lost) return
    try {
      await link.ask(
        { call: 'rollback', session: this.#number },
        { onDeath: () => readLost(false) },
      )
    } catch (error) {
      // a death rolls back as well as anything
      if (!link.ended) throw error
    }
  }

  async describe(permit: Permit): Promise<StatementShape> {
    const link = await this.#ready()
    const { text, catalogVersion } = permit
    const files = toWireFiles(permit)
    this.#supervisor.fuse.check(text)
    const { parameterTypes, columns } = await link.ask(
      { call: 'describe', session: this.#number, text, catalogVersion, files },
      { texts: [text], onDeath: () => this.#readLost() },
    )
    return { parameterTypes: parameterTypes.map((type) => type ?? undefined), columns }
  }

  async run(permit: Permit, options: RunOptions, signal: AbortSignal): Promise<EnginePortal> {
    const link = await this.#ready()
    const { text, further, catalogVersion } = permit
    const texts = [text, ...further]
    for (const one of texts) this.#supervisor.fuse.check(one)
    const action = toWireAction(permit)
    const reads = action.kind === 'read'
    if (!reads) this.#wrote = true
    if (action.kind === 'define' && action.database === TEMPORARY) this.#definesTemporary = true

    const portal = new PortalClient(link, this.#killAfterMs)
    const { id, reply } = link.start(
      {
        call: 'run',
        session: this.#number,
        text,
        further,
        action,
        catalogVersion,
        files: toWireFiles(permit),
        parameters: options.parameters.map(toWireParameter),
        format: options.format,
        rowsMax: options.rowsMax,
        ...(options.onProgress && { tracksProgress: true }),
      },
      { texts, onDeath: () => (reads ? this.#readLost() : writeLost()) },
      (frame) => portal.hear(frame),
    )
    portal.began(id, signal)
    const stopAsking = askForProgress(link, id, options.onProgress)
    try {
      portal.columns = (await portal.untilStopped(reply)).columns
    } catch (error) {
      portal.over()
      throw error
    } finally {
      stopAsking()
    }
    return portal
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const link = this.#home
    if (link.ended) return
    const timer = setTimeout(() => {
      link.kill(`a session did not close in ${this.#killAfterMs} ms`)
    }, this.#killAfterMs)
    timer.unref()
    await link
      .ask({ call: 'closeSession', session: this.#number }, { onDeath: () => readLost(false) })
      .catch(() => undefined)
    clearTimeout(timer)
  }

  /** The host, with this session open in it. */
  async #here(): Promise<HostLink> {
    assert(!this.#closed, 'the session is open')
    if (this.#home.ended) {
      const link = await this.#supervisor.link()
      if (this.#home !== link) {
        if (this.#transaction === 'open') this.#transaction = 'lost'
        this.#temporaries = 0
        this.#definesTemporary = false
        this.#home = link
        this.#opening = openOn(link, this.#number)
      }
    }
    await this.#opening
    return this.#home
  }

  /** As `#here`, for a statement: refused in a transaction that died with its host. */
  async #ready(): Promise<HostLink> {
    const link = await this.#here()
    if (this.#transaction === 'lost') throw transactionLost()
    return link
  }

  #readLost(): GatewayError {
    return readLost(this.#transaction === 'none')
  }
}

const PROGRESS_MS = 250

/** @returns what ends it. */
function askForProgress(
  link: HostLink,
  portal: number,
  onProgress: ((percent: number) => void) | undefined,
): () => void {
  if (!onProgress) return () => undefined
  let asking = false
  const ask = async (): Promise<void> => {
    if (asking) return
    asking = true
    const asked = { onDeath: () => readLost(true) }
    const reply = await link.ask({ call: 'progress', portal }, asked).catch(() => undefined)
    asking = false
    if (typeof reply?.percent === 'number') onProgress(reply.percent)
  }
  const timer = setInterval(() => void ask(), PROGRESS_MS)
  return () => clearInterval(timer)
}

async function openOn(link: HostLink, session: number): Promise<void> {
  await link.ask({ call: 'openSession', session }, { onDeath: () => readLost(true) })
}
