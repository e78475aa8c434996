/** /api/v1/audit: what is on record, newest first, and whether the record is whole. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { auditFilter } from '../../../audit/audit-filter.ts'
import type { AuditFilter, AuditLog } from '../../../audit/audit-log.ts'
import { toGatewayError } from '../../../base/gateway-error.ts'
import type { ApiParts } from '../api-parts.ts'
import { auditCsv } from '../audit-csv.ts'
import { auditFilterOfQuery } from '../audit-filter-of-query.ts'
import { words } from '../component.ts'
import { NDJSON_TYPE, ndjsonOf } from '../ndjson.ts'
import { toProblem } from '../problem.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import {
  AUDIT_FILTER,
  AUDIT_LINE,
  AUDIT_RECORD,
  AUDIT_VERIFICATION,
  FilterQuery,
} from '../schemas/audit-schemas.ts'

/** Progress is told four times a second. */
const PROGRESS_INTERVAL_MS = 250

const ExportQuery = Type.Object(
  { ...FilterQuery.properties, format: words('ndjson', 'csv') },
  { additionalProperties: false },
)

const config = { needs: 'clusterAdmin' } as const
const tags = ['Audit']

export function auditRoutes(app: FastifyInstance, parts: ApiParts): void {
  searchRoute(app, parts)
  exportRoute(app, parts)
  verifyRoute(app, parts)
}

/**
 * One record a line, and now and then `{"progress":…}`; the last line is `{"end":…}`, or
 * `{"error":…}` when reading failed.
 */
function searchRoute(app: FastifyInstance, parts: ApiParts): void {
  const { audit } = parts
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
      auditFilter(filter) // a mistake in it is told before the answer begins
      const details = JSON.stringify(filter)
      const act = { category: 'AUDITLOG', action: 'audit_searched', details } as const
      await recordAct(parts, callerOf(request), act, () => undefined)
      return await reply.type(NDJSON_TYPE).send(Readable.from(searchLines(audit, filter)))
    },
  )
}

function exportRoute(app: FastifyInstance, parts: ApiParts): void {
  const { audit } = parts
  app.get<{ Querystring: Static<typeof ExportQuery> }>(
    '/api/v1/audit/export',
    {
      config,
      exposeHeadRoute: false,
      schema: {
        operationId: 'exportAudit',
        tags,
        summary: 'Records as a file to keep, newest first; the export is itself on record.',
        querystring: ExportQuery,
        response: {
          200: {
            description: 'A file. One that is cut off was not finished.',
            content: {
              'application/x-ndjson': { schema: AUDIT_RECORD.ref },
              'text/csv': { schema: Type.String() },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { format, filter: text } = request.query
      const filter = auditFilterOfQuery(request, text)
      const details = `${format} ${JSON.stringify(filter)}`
      const act = { category: 'AUDITLOG', action: 'audit_exported', details } as const
      await recordAct(parts, callerOf(request), act, () => undefined)
      const records = audit.search(filter)
      const file = format === 'csv' ? auditCsv(records) : recordLines(records)
      return await reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : NDJSON_TYPE)
        .header('content-disposition', `attachment; filename="${fileName(format)}"`)
        .send(Readable.from(file))
    },
  )
}

function verifyRoute(app: FastifyInstance, parts: ApiParts): void {
  const { audit } = parts
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

async function* searchLines(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  let records = 0
  let told = performance.now()
  try {
    for await (const step of audit.searchSteps(filter)) {
      for (const record of step.records) {
        records += 1
        yield `${JSON.stringify({ record })}\n`
      }
      const { readBackTo } = step
      if (readBackTo === undefined || performance.now() - told < PROGRESS_INTERVAL_MS) continue
      told = performance.now()
      yield `${JSON.stringify({ progress: { readBackTo, records } })}\n`
    }
    yield `${JSON.stringify({ end: { records } })}\n`
  } catch (thrown) {
    yield `${JSON.stringify({ error: toProblem(toGatewayError(thrown)) })}\n`
  }
}

async function* recordLines(records: ReturnType<AuditLog['search']>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`
}

/** Of our own making: nothing that a caller said is in it. */
function fileName(format: 'ndjson' | 'csv'): string {
  const now = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')
  return `bluegate-audit-${now}Z.${format}`
}
