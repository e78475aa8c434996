/** /api/v1/audit: what is on record, newest first, and whether the record is whole. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { AuditFilter, AuditLog } from '../../../audit/audit-log.ts'
import { toGatewayError } from '../../../base/gateway-error.ts'
import type { ApiParts } from '../api-parts.ts'
import { NDJSON_TYPE } from '../ndjson.ts'
import { toProblem } from '../problem.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'

const Words = Type.Optional(Type.Array(Type.String({ maxLength: 1_000 }), { maxItems: 100 }))
const Pattern = Type.Optional(Type.String({ maxLength: 10_000 }))

const Filter = Type.Object(
  {
    from: Type.Optional(Type.String({ maxLength: 40 })),
    to: Type.Optional(Type.String({ maxLength: 40 })),
    usernames: Words,
    sessionIds: Words,
    queryIds: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 100 })),
    outcomes: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Literal('succeeded'),
          Type.Literal('failed'),
          Type.Literal('refused'),
          Type.Literal('cancelled'),
        ]),
      ),
    ),
    categories: Words,
    actions: Words,
    detailsLike: Pattern,
    errorLike: Pattern,
    initiatedBy: Words,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { additionalProperties: false },
)

export function auditRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { audit } = parts
  const config = { needs: 'clusterAdmin' } as const

  /** One record a line; the last line is `{"end":…}`, or `{"error":…}` when reading failed. */
  app.post<{ Body: Static<typeof Filter> }>(
    '/api/v1/audit/search',
    { config, schema: { body: Filter } },
    async (request, reply) => {
      const filter: AuditFilter = request.body
      const details = JSON.stringify(filter)
      const act = { category: 'AUDITLOG', action: 'audit_searched', details } as const
      await recordAct(parts, callerOf(request), act, () => undefined)
      return await reply.type(NDJSON_TYPE).send(Readable.from(lines(audit, filter)))
    },
  )

  app.post('/api/v1/audit/verify', { config }, async (request) => {
    const act = { category: 'AUDITLOG', action: 'audit_verified', details: '' } as const
    return await recordAct(parts, callerOf(request), act, () => audit.verify())
  })
}

async function* lines(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  let records = 0
  try {
    for await (const record of audit.search(filter)) {
      records += 1
      yield `${JSON.stringify({ record })}\n`
    }
    yield `${JSON.stringify({ end: { records } })}\n`
  } catch (thrown) {
    yield `${JSON.stringify({ error: toProblem(toGatewayError(thrown)) })}\n`
  }
}
