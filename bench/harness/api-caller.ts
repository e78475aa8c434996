/** Calls the administration API of a gateway over kept connections, and says how long it took. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'

export interface ApiDoor {
  readonly host: string
  readonly port: number
  readonly caFile: string
  /** Of a client with CLUSTERADMIN. */
  readonly token: string
}

export interface ApiAnswer {
  /** To the last byte. */
  readonly ms: number
  readonly text: string
}

export class ApiCaller {
  readonly #door: ApiDoor
  readonly #agent: Agent

  constructor(door: ApiDoor) {
    this.#door = door
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(door.caFile) })
  }

  /** @throws when the gateway refuses. */
  async call(method: string, path: string, body?: object): Promise<ApiAnswer> {
    const start = performance.now()
    const response = await this.#send(method, path, body)
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
    return { ms: performance.now() - start, text }
  }

  async json<Value>(method: string, path: string, body?: object): Promise<Value> {
    return JSON.parse((await this.call(method, path, body)).text) as Value
  }

  /** Each line as it comes; leaving the loop ends the request. */
  async *lines(method: string, path: string, body?: object): AsyncGenerator<string, void> {
    const response = await this.#send(method, path, body)
    try {
      yield* createInterface({ input: response })
    } finally {
      response.destroy()
    }
  }

  stop(): void {
    this.#agent.destroy()
  }

  async #send(method: string, path: string, body?: object): Promise<IncomingMessage> {
    const { host, port, token } = this.#door
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(text !== undefined && { 'content-type': 'application/json' }),
    }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ host, port, path, method, headers, agent: this.#agent }, resolve)
      sent.once('error', reject)
      sent.end(text)
    })
    const { statusCode = 0 } = response
    if (statusCode < 400) return response
    let problem = ''
    for await (const chunk of response.setEncoding('utf8')) problem += String(chunk)
    throw new Error(`${method} ${path}: ${statusCode} ${problem}`)
  }
}
