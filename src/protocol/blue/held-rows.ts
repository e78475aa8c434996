/**
 * The rows of a running statement between the engine and a client that asks for them piece by piece.
 *
 * Some are read ahead, so that a small result is over before its client asks, and gives the engine
 * back; of a large one the engine waits. What was held when a statement fails is thrown away: its
 * client gets the error instead.
 */
import { GatewayError, toGatewayError } from '../../base/gateway-error.ts'
import type { RunningStatement } from '../../execution/executor.ts'
import { FETCH_FILL_MS, READ_AHEAD_BYTES } from './blue-limits.ts'

export class HeldRows {
  readonly #running: RunningStatement
  readonly #onChange: () => void
  #frames: Uint8Array[] = []
  #bytes = 0
  #bytesWanted = READ_AHEAD_BYTES
  #ended = false
  #failure: GatewayError | undefined
  #pulling = false
  #wake: (() => void) | undefined

  /** @param onChange Told when `bytes` or `isOver` changed. */
  constructor(running: RunningStatement, onChange: () => void) {
    this.#running = running
    this.#onChange = onChange
  }

  /** Held here. */
  get bytes(): number {
    return this.#bytes
  }

  /** The engine has done its part, or will not do it. */
  get isOver(): boolean {
    return this.#ended || this.#failure !== undefined
  }

  /** Begins to read. @throws GatewayError when it fails before its first rows. */
  async begin(): Promise<void> {
    this.#pull()
    while (this.#bytes === 0 && !this.#ended) {
      if (this.#failure) throw this.#failure
      await this.#changed()
    }
  }

  /**
   * Reads to the end, whatever the length.
   * @throws GatewayError what it fails with; `configuration_limit` beyond `bytesMax`.
   */
  async readAll(bytesMax: number): Promise<void> {
    this.#bytesWanted = Infinity
    this.#pull()
    while (!this.#ended) {
      if (this.#bytes > bytesMax) throw tooManyRows(bytesMax)
      if (this.#failure) throw this.#failure
      await this.#changed()
    }
  }

  /**
   * What there is: about `bytesWanted`, or what comes within a moment of the first rows.
   * @returns undefined when nothing came within `waitMs`; none at the end.
   * @throws GatewayError what the statement failed with.
   */
  async take(bytesWanted: number, waitMs: number): Promise<readonly Uint8Array[] | undefined> {
    this.#bytesWanted = bytesWanted
    this.#pull()
    const deadline = performance.now() + waitMs
    while (this.#bytes === 0 && !this.isOver && performance.now() < deadline) {
      await this.#changed(deadline)
    }
    const full = Math.min(performance.now() + FETCH_FILL_MS, deadline)
    while (this.#bytes < bytesWanted && !this.isOver && performance.now() < full) {
      await this.#changed(full)
    }
    if (this.#failure) throw this.#failure
    if (this.#bytes === 0 && !this.#ended) return undefined
    const frames = this.#takeFrames(bytesWanted)
    this.#bytesWanted = READ_AHEAD_BYTES
    this.#pull()
    this.#onChange()
    return frames
  }

  #takeFrames(bytesWanted: number): readonly Uint8Array[] {
    const before = this.#bytes
    const taken: Uint8Array[] = []
    while (before - this.#bytes < bytesWanted) {
      const frame = this.#frames.shift()
      if (!frame) break
      taken.push(frame)
      this.#bytes -= frame.length
    }
    return taken
  }

  /** @throws GatewayError when they must not leave any more. */
  recheck(): void {
    this.#running.recheck()
  }

  /** Gives all of it up. Whoever waits is told `reason`. */
  async close(reason: GatewayError): Promise<void> {
    this.#fail(reason)
    await this.#running.close()
  }

  #pull(): void {
    if (this.#pulling) return
    this.#pulling = true
    void this.#pullOn().finally(() => {
      this.#pulling = false
      this.#tell()
    })
  }

  async #pullOn(): Promise<void> {
    try {
      while (!this.isOver && this.#bytes < this.#bytesWanted) {
        const event = await this.#running.next()
        if (this.#failure) return
        if (event.kind === 'frame') {
          this.#frames.push(event.bytes)
          this.#bytes += event.bytes.length
        } else if (event.kind === 'complete') {
          await this.#running.close()
          this.#ended = true
        }
        this.#tell()
      }
    } catch (thrown) {
      this.#fail(toGatewayError(thrown))
      await this.#running.close()
    }
  }

  #fail(reason: GatewayError): void {
    if (this.#failure) return
    this.#failure = reason
    this.#frames = []
    this.#bytes = 0
    this.#tell()
  }

  #tell(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
    this.#onChange()
  }

  async #changed(deadline = Infinity): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer =
        deadline === Infinity ? undefined : setTimeout(resolve, deadline - performance.now())
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function tooManyRows(bytesMax: number): GatewayError {
  return new GatewayError(
    'configuration_limit',
    `the rows of a write may have ${bytesMax} bytes over this protocol`,
    { hint: 'Leave RETURNING out, and read the rows afterwards.' },
  )
}
