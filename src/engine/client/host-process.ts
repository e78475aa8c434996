/**
 * One engine host as an operating system's process: started with nothing of our environment, spoken
 * to over two socket pairs that only the two of us hold. It knows frames, not what they mean.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { assert } from '../../base/assert.ts'
import type { FenceRequest } from '../layers.ts'
import { FrameSplitter } from '../wire/frame-splitter.ts'
import {
  decodeHostFrame,
  encodeGatewayFrame,
  type GatewayFrame,
  type HostFrame,
} from '../wire/frame.ts'

const HOST_MAIN = fileURLToPath(new URL('../host/main.mjs', import.meta.url))

/**
 * The engine's allocator is told to give memory and address space back, a second after it was used.
 * By itself it keeps all the address space that it ever had, also what it cannot use again: after
 * one large statement the host stood at its limit (`address-space-limit.ts`), and small ones ended
 * with `out_of_memory`, or V8 with a crash. And it frees pages only while it is busy: a host that
 * fell idle held 250 MB more than it needed for as long as it stayed idle.
 */
const ENVIRONMENT = { DUCKDB_JE_MALLOC_CONF: 'retain:false,dirty_decay_ms:1000,muzzy_decay_ms:0' }

/** Of what the host wrote to its standard error: the reason of a native crash is at the end. */
const LAST_WORDS_MAX = 4096

export interface HostProcessEvents {
  onFrame(frame: HostFrame): void
  /** Once; nothing comes after it. `how`: for people. */
  onEnd(how: string): void
}

export class HostProcess {
  readonly #child: ChildProcess
  readonly #socket: Socket
  readonly #questions: Socket
  #lastWords = ''
  #endedBy: string | undefined

  constructor(workingDirectory: string, fence: FenceRequest, events: HostProcessEvents) {
    // detached: a Ctrl-C in the terminal is for the gateway, which then stops the host in order
    const words = ['--disable-warning=ExperimentalWarning', HOST_MAIN, JSON.stringify(fence)]
    this.#child = spawn(process.execPath, words, {
      cwd: workingDirectory,
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
      windowsHide: true,
    })
    this.#socket = this.#listen(this.#child.stdio[3], events)
    this.#questions = this.#listen(this.#child.stdio[4], events)

    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_MAX)
    })
    this.#child.on('error', (error) => {
      this.#endedBy ??= `it could not be started: ${error.message}`
      if (this.#child.pid === undefined) events.onEnd(this.#endedBy)
    })
    this.#child.on('close', (code, signal) => {
      const words = this.#lastWords.trim()
      const status = signal === null ? `exit code ${code}` : `signal ${signal}`
      events.onEnd([this.#endedBy, status, words].filter(Boolean).join('; '))
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /**
   * All that is sent in one turn of the event loop leaves in one piece, at its end: with 16 clients
   * at work a write for each request took a quarter of the gateway's time.
   */
  send(frame: GatewayFrame): void {
    if (!this.#socket.writable) return
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork()
      setImmediate(() => this.#socket.uncork())
    }
    for (const bytes of encodeGatewayFrame(frame)) this.#socket.write(bytes)
  }

  /** To the thread that answers the gate's questions, at once: there is one at a time. */
  sendQuestion(frame: GatewayFrame): void {
    if (!this.#questions.writable) return
    for (const bytes of encodeGatewayFrame(frame)) this.#questions.write(bytes)
  }

  /** Ends it without a word; `onEnd` follows. */
  kill(reason: string): void {
    this.#endedBy ??= reason
    this.#child.kill('SIGKILL')
  }
  #listen(socket: unknown, events: HostProcessEvents): Socket {
    assert(socket instanceof Socket, 'the fourth and fifth stdio of the host are sockets')
    const splitter = new FrameSplitter()
    socket.on('data', (chunk: Buffer) => {
      try {
        splitter.push(chunk, (raw) => events.onFrame(decodeHostFrame(raw)))
      } catch (error) {
        this.kill(`it sent what is no frame: ${String(error)}`)
      }
    })
    // a broken socket is followed by the end of the process, or must be
    socket.on('error', (error) => this.kill(`its socket failed: ${error.message}`))
    socket.on('end', () => this.kill('it closed its socket'))
    return socket
  }
}
