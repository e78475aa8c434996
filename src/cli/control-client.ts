/**
 * Speaks to a running gateway: over the control socket in its data directory, or over HTTPS.
 *
 * The one user of HTTP in this room: commands ask for values and lines, and do not know which way
 * they go.
 */
import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { controlSocketFile, reachableSocketPath } from '../base/control-socket-path.ts'
import { ERROR_KINDS, GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'
import type { RemoteGateway } from './remote-gateway.ts'
import { untrustedCertificate } from './untrusted-certificate.ts'

/** The most that a page holds. */
const PAGE_ITEMS = 1_000

export class ControlClient {
  readonly #gateway: string | RemoteGateway

  /** @param gateway Its data directory, or where it is on the network. */
  constructor(gateway: string | RemoteGateway) {
    this.#gateway = gateway
  }

  /** The CA file that was named for a gateway on another machine. */
  get remoteCaFile(): string | undefined {
    return typeof this.#gateway === 'string' ? undefined : this.#gateway.caFile
  }

  get isRemote(): boolean {
    return typeof this.#gateway !== 'string'
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
  async delete<T>(path: string): Promise<T> {
    return await this.#json<T>('DELETE', path)
  }

  /** Sends bytes as they are read. @throws GatewayError as `get`, or what reading them fails with. */
  async upload<T>(path: string, bytes: Readable, length: number): Promise<T> {
    const response = await this.#open('POST', path, (request) => {
      request.setHeader('content-type', 'application/octet-stream')
      request.setHeader('content-length', length)
      bytes.on('error', (error) => request.destroy(error))
      bytes.pipe(request)
    })
    return await answerOf<T>(response)
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
    return await answerOf<T>(await this.#send(method, path, body, 'application/json'))
  }

  #send(
    method: string,
    path: string,
    body: string | undefined,
    type: string,
  ): Promise<IncomingMessage> {
    return this.#open(method, path, (request) => {
      if (body !== undefined) request.setHeader('content-type', type)
      request.end(body)
    })
  }

  #open(
    method: string,
    path: string,
    fill: (request: ClientRequest) => void,
  ): Promise<IncomingMessage> {
    const gateway = this.#gateway
    return new Promise((resolve, reject) => {
      const request =
        typeof gateway === 'string'
          ? httpRequest({ socketPath: socketPathOf(gateway), method, path }, resolve)
          : httpsRequest(remoteOptions(gateway, { method, path }), resolve)
      request.on('error', (error: NodeJS.ErrnoException) => {
        reject(typeof gateway === 'string' ? unreachable(gateway, error) : cutOff(gateway, error))
      })
      fill(request)
    })
  }
}

function remoteOptions(
  { server, token, ca }: RemoteGateway,
  options: RequestOptions,
): RequestOptions & { ca?: string } {
  return {
    ...options,
    host: server.hostname.replaceAll(/^\[|\]$/g, ''),
    port: server.port === '' ? 443 : server.port,
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'bluegate-cli' },
    ...(ca !== undefined && { ca }),
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
  return (
    wentAway(error) ??
    new GatewayError('cannot_connect_now', `no gateway is running on ${dataDir}`, {
      hint: 'Start one with `bluegate serve` (npm start in a clone), or name its directory with --data-dir.',
      cause: error,
    })
  )
}

function cutOff({ server }: RemoteGateway, error: NodeJS.ErrnoException): GatewayError {
  const { code = '' } = error
  return (
    untrustedCertificate(server.origin, error) ??
    wentAway(error) ??
    new GatewayError('cannot_connect_now', `no gateway answers at ${server.origin}: ${code}`, {
      hint: 'Check the address of --server, and that the gateway listens on it (serve --listen).',
      cause: error,
    })
  )
}

function wentAway({ code }: NodeJS.ErrnoException): GatewayError | undefined {
  if (code !== 'ECONNRESET' && code !== 'EPIPE') return undefined
  return new GatewayError('crash_shutdown', 'the gateway went away before it answered', {
    hint: 'Whether the command took effect is unknown: look before you repeat it.',
  })
}

async function answerOf<T>(response: IncomingMessage): Promise<T> {
  const { statusCode = 500 } = response
  if (statusCode >= 300) throw await problemOf(response)
  const text = await textOf(response)
  return (text === '' ? undefined : JSON.parse(text)) as T
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
  const { code, title, detail, hint, field } = problem as Record<string, unknown>
  const kind = ERROR_KINDS.find((one) => one === code) ?? ('internal' satisfies ErrorKind)
  return new GatewayError(kind, typeof title === 'string' ? title : 'unknown error', {
    ...(typeof detail === 'string' && { detail }),
    ...(typeof hint === 'string' && { hint }),
    ...(typeof field === 'string' && { field }),
  })
}
