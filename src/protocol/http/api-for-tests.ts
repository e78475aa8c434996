/** The API over parts in memory, for tests of its routes: who calls can be changed between requests. */
import { expect } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { MemoryAuditLog } from '../../audit/memory-audit-log.ts'
import { apiPartsForTests } from './api-parts-for-tests.ts'
import type { ApiParts } from './api-parts.ts'
import { buildApi } from './build-api.ts'
import type { Caller } from './caller.ts'
import { localCaller } from './listen-control-socket.ts'

export interface ApiForTests {
  readonly app: FastifyInstance
  readonly audit: MemoryAuditLog
  readonly parts: ApiParts
  /** From now on requests come from a user with this role; undefined: from the local administrator. */
  as(role: string | undefined): void
  /** From now on nobody is proven. */
  asNobody(): void
  readonly call: Call
}

type Call = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Answer>

/** What tests look at: the body is whatever the route answers. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of the answer
  readonly body: any
  readonly text: string
}

export async function apiForTests(more: Partial<ApiParts> = {}): Promise<ApiForTests> {
  const audit = new MemoryAuditLog()
  const parts: ApiParts = { ...(await apiPartsForTests(audit)), ...more }
  let caller: Caller | undefined = localCaller(parts)
  const app = buildApi(parts, () => caller)
  refuseLostFields(app)
  return {
    app,
    audit,
    parts,
    as: (role) => (caller = role === undefined ? localCaller(parts) : userWith(parts, role)),
    asNobody: () => (caller = undefined),
    call: async (method, path, body, headers = {}) => {
      const url = `/api/v1${path}`
      const answer = await app.inject({ method, url, headers, ...(body && { payload: body }) })
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.body,
        body: /^application\/(?:problem\+)?json/.test(String(answer.headers['content-type']))
          ? (answer.json() as unknown)
          : undefined,
      }
    },
  }
}

function userWith({ identity }: ApiParts, role: string): Caller {
  const roleId = identity.findRole(role)?.id ?? ''
  const principal = { kind: 'user', userId: 'u1', userName: 'ada', roleId } as const
  const expiresAt = Date.now() + 600_000
  const consoleSession = { id: 's1', principal, provenUntil: expiresAt, expiresAt }
  return { principal, address: '203.0.113.9', door: 'http', tool: 'a test', consoleSession }
}

/** What a route answers leaves as a whole: its description names every member. */
function refuseLostFields(app: FastifyInstance): void {
  const sent = new WeakMap<object, unknown>()
  app.addHook('preSerialization', (request, _, payload, done) => {
    sent.set(request, JSON.parse(JSON.stringify(payload ?? null)))
    done(null, payload)
  })
  app.addHook('onSend', (request, _, payload, done) => {
    if (sent.has(request) && typeof payload === 'string') {
      expect(JSON.parse(payload)).toEqual(sent.get(request))
    }
    done(null, payload)
  })
}
