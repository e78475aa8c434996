/**
 * Speaks to a running gateway over the control socket in its data directory.
 *
 * The one user of HTTP in this room: commands ask for values and lines.
 */
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { controlSocketFile, reachableSocketPath } from '../base/control-socket-path.ts'
import { ERROR_KINDS, GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'

/** The most that a page holds. */
const PAGE_ITEMS = 1_000

export class ControlClient {
  readonly #dataDir: string

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  get dataDir(): string {
    return this.#dataDir
  }

  /** @throws GatewayError what the gateway answered, or `cannot_connect_now`. */
  async get<T>(path: string): Promise<T> {
    return await this.#json<T>('GET', path)
  }

  /** All items of a list, page by page. @throws GatewayError as `get`. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = []
    let next: string | null = null
    do {
      const cursor: string = next === null ? '' : `&after=${encodeURIComponent(next)}`
      const page: { items: Item[]; next: string | null } = await this.get(
        `${path}?limit=${PAGE_ITEMS}${cursor}`,
      )
      items.push(...page.items)
      ;({ next } = page)
    } while (next !== null)
    return items
  }

  /** @throws GatewayError as `get`. */
  async post<T>(path: string, body: object = {}): Promise<T> {
    return await this.#json<T>('POST', path, JSON.stringify(body))
  }

  /** @throws GatewayError as `get`. */
  async patch<T>(path: string, body: object): Promise<T> {
    return await this.#json<T>('PATCH', path, JSON.stringify(body))
  }

  /** @throws GatewayError as `get`. */
  async delete(path: string): Promise<void> {
    await this.#json('DELETE', path)
  }

  /** The lines of a streamed answer, as they come. @throws GatewayError as `get`. */
  async *lines(path: string, body: string | object): AsyncGenerator<string> {
    const isText = typeof body === 'string'
    const text = isText ? body : JSON.stringify(body)
    const type = isText ? 'text/plain' : 'application/json'
    const response = await this.#send('POST', path, text, type)
    if (response.statusCode !== 200) throw await problemOf(response)
    yield* createInterface({ input: response, crlfDelay: Infinity })
  }

  async #json<T>(method: string, path: string, body?: string): Promise<T> {
    const response = await this.#send(method, path, body, 'application/json')
    const { statusCode = 500 } = response
    if (statusCode >= 400) throw await problemOf(response)
    const text = await textOf(response)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  #send(
    method: string,
    path: string,
    body: string | undefined,
    type: string,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': type }
      const socketPath = socketPathOf(this.#dataDir)
      const request = httpRequest({ socketPath, method, path, headers }, resolve)
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(unreachable(this.#dataDir, error))
      })
      request.end(body)
    })
  }
}

/** The data directory may not be there: then its socket is not either. */
function socketPathOf(dataDir: string): string {
  try {
    return reachableSocketPath(dataDir)
  } catch (error) {
    if (error instanceof GatewayError) throw error
    return controlSocketFile(dataDir).slice(0, 100)
  }
}

function unreachable(dataDir: string, error: NodeJS.ErrnoException): GatewayError {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new GatewayError('insufficient_privilege', `you may not open ${dataDir}`, {
      hint: 'Run this as the user that the gateway runs as.',
    })
  }
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
    return new GatewayError('crash_shutdown', 'the gateway went away before it answered', {
      hint: 'Whether the command took effect is unknown: look before you repeat it.',
    })
  }
  return new GatewayError('cannot_connect_now', `no gateway is running on ${dataDir}`, {
    hint: 'Start one with `bluegate serve` (npm start in a clone), or name its directory with --data-dir.',
    cause: error,
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const part of response) text += String(part)
  return text
}

async function problemOf(response: IncomingMessage): Promise<GatewayError> {
  const text = await textOf(response)
  try {
    return toError(JSON.parse(text))
  } catch {
    return new GatewayError('internal', `the gateway answered ${response.statusCode}: ${text}`)
  }
}

/** A problem document, as the error that it was made from. */
export function toError(problem: unknown): GatewayError {
  const { code, title, detail, hint } = problem as Record<string, unknown>
  const kind = ERROR_KINDS.find((one) => one === code) ?? ('internal' satisfies ErrorKind)
  return new GatewayError(kind, typeof title === 'string' ? title : 'unknown error', {
    ...(typeof detail === 'string' && { detail }),
    ...(typeof hint === 'string' && { hint }),
  })
}
