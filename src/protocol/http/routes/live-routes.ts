/** Live streams (server-sent events): what changed, what is put on record, who connects. */
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { auditFilter } from '../../../audit/audit-filter.ts'
import type { ApiParts } from '../api-parts.ts'
import { auditFilterOfQuery } from '../audit-filter-of-query.ts'
import { ChangeFeed } from '../change-feed.ts'
import { connectionEvent } from '../connection-events.ts'
import { EventStreams } from '../event-streams.ts'
import type { EventStreamLimits } from '../event-streams.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { AUDIT_RECORD, FilterQuery } from '../schemas/audit-schemas.ts'
import { CHANGE, CONNECTION_EVENT } from '../schemas/live-schemas.ts'
import { existingClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

/** @param limits Smaller only in tests. */
export function liveRoutes(
  app: FastifyInstance,
  parts: ApiParts,
  limits: Partial<EventStreamLimits> = {},
): void {
  const streams = new EventStreams(app, parts.identity, limits)
  changesRoute(app, parts, streams)
  auditTailRoute(app, parts, streams)
  connectionEventsRoute(app, parts, streams)
}

function changesRoute(app: FastifyInstance, parts: ApiParts, streams: EventStreams): void {
  const { identity, audit, execution } = parts
  const feed = new ChangeFeed({ identity, audit, sessions: execution.sessions })
  app.get(
    '/api/v1/changes',
    {
      config: { needs: 'signedIn' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamChanges',
        tags: ['Gateway'],
        summary: 'Which lists are not what they were; each kind at most four times a second.',
        response: { 200: eventsOf(CHANGE.ref) },
      },
    },
    (request, reply) =>
      streams.answer(request, reply, (stream) => feed.on((kind) => stream.send({ kind }))),
  )
}

function auditTailRoute(app: FastifyInstance, parts: ApiParts, streams: EventStreams): void {
  const { audit } = parts
  app.get<{ Querystring: Static<typeof FilterQuery> }>(
    '/api/v1/audit/tail',
    {
      config: { needs: 'clusterAdmin' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'tailAudit',
        tags: ['Audit'],
        summary: 'Records as they are written, from now on; this is itself on record.',
        querystring: FilterQuery,
        response: { 200: eventsOf(AUDIT_RECORD.ref) },
      },
    },
    async (request, reply) => {
      const filter = auditFilterOfQuery(request, request.query.filter)
      const isAskedFor = auditFilter(filter)
      const details = JSON.stringify(filter)
      const act = { category: 'AUDITLOG', action: 'audit_tailed', details } as const
      await recordAct(parts, callerOf(request), act, () => undefined)
      return await streams.answer(request, reply, (stream) =>
        audit.appended.on((record) => {
          if (isAskedFor(record)) stream.send(record, record.sequence)
        }),
      )
    },
  )
}

function connectionEventsRoute(app: FastifyInstance, parts: ApiParts, streams: EventStreams): void {
  const { identity, audit } = parts
  app.get<Named>(
    '/api/v1/clients/:name/connection-events',
    {
      config: { needs: 'clusterAdmin' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamConnectionEvents',
        tags: ['Clients'],
        summary: 'Who connects as this client from now on, and who is refused and why.',
        params: NameInPath,
        response: { 200: eventsOf(CONNECTION_EVENT.ref) },
      },
    },
    async (request, reply) => {
      const { name } = existingClient(identity, request.params.name)
      return await streams.answer(request, reply, (stream) =>
        audit.appended.on((record) => {
          const client = identity.findClient(name) // as it is now: fixes are made meanwhile
          const event = client && connectionEvent(identity, client, record)
          if (event) stream.send(event)
        }),
      )
    },
  )
}

function eventsOf(event: object) {
  return {
    description: 'Server-sent events; the data of each is one JSON value.',
    content: { 'text/event-stream': { schema: event } },
  }
}
