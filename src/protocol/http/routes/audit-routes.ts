/** /api/v1/audit: what is on record, newest first, and whether the record is whole. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { AuditFilter, AuditLog } from '../../../audit/audit-log.ts'
import { toGatewayError } from '../../../base/gateway-error.ts'
import type { ApiParts } from '../api-parts.ts'
import { NDJSON_TYPE, ndjsonOf } from '../ndjson.ts'
import { toProblem } from '../problem.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { AUDIT_FILTER, AUDIT_LINE, AUDIT_VERIFICATION } from '../schemas/audit-schemas.ts'

export function auditRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { audit } = parts
  const config = { needs: 'clusterAdmin' } as const
  const tags = ['Audit']

  /** One record a line; the last line is `{"end":…}`, or `{"error":…}` when reading failed. */
  app.post<{ Body: Static<typeof AUDIT_FILTER.schema> }>(
    '/api/v1/audit/search',
    {
      config,
      schema: {
        operationId: 'searchAudit',
        tags,
        summary: 'Records, newest first, one JSON value a line; the search is itself on record.',
        body: AUDIT_FILTER.ref,
        response: { 200: ndjsonOf(AUDIT_LINE.ref) },
      },
    },
    async (request, reply) => {
      const filter: AuditFilter = request.body
      const details = JSON.stringify(filter)
      const act = { category: 'AUDITLOG', action: 'audit_searched', details } as const
      await recordAct(parts, callerOf(request), act, () => undefined)
      return await reply.type(NDJSON_TYPE).send(Readable.from(lines(audit, filter)))
    },
  )

  app.post(
    '/api/v1/audit/verify',
    {
      config,
      schema: {
        operationId: 'verifyAudit',
        tags,
        summary: 'Checks the chain of hashes over the whole record.',
        response: { 200: AUDIT_VERIFICATION.ref },
      },
    },
    async (request) => {
      const act = { category: 'AUDITLOG', action: 'audit_verified', details: '' } as const
      return await recordAct(parts, callerOf(request), act, () => audit.verify())
    },
  )
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
