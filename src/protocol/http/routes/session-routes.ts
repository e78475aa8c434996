/** /api/v1/sessions: who is connected now, through any door; ends sessions, cancels statements. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { LiveSession } from '../../../execution/live-session.ts'
import { principalName } from '../../../identity/principal.ts'
import type { ApiParts } from '../api-parts.ts'
import { PageQuery, page } from '../page.ts'
import type { PageRequest } from '../page.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { SESSION_PAGE } from '../schemas/session-schemas.ts'
import { sessionView } from '../session-view.ts'

const SessionInPath = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
const StatementInPath = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  queryId: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
})

const config = { needs: 'clusterAdmin' } as const
const tags = ['Sessions']

export function sessionRoutes(app: FastifyInstance, parts: ApiParts): void {
  listRoute(app, parts)
  endRoute(app, parts)
  cancelRoute(app, parts)
}

function listRoute(app: FastifyInstance, { identity, execution }: ApiParts): void {
  app.get<{ Querystring: PageRequest }>(
    '/api/v1/sessions',
    {
      config,
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'Lists open sessions, oldest first; search finds names, tools and addresses.',
        querystring: PageQuery,
        response: { 200: SESSION_PAGE.ref },
      },
    },
    (request) => {
      const part = request.query.search?.toLowerCase() ?? ''
      const found = execution.sessions.live
        .filter((live) => part === '' || searchText(live).includes(part))
        .toSorted(byKey)
      const { items, ...rest } = page(found, keyOf, request.query)
      return { items: items.map((live) => sessionView(identity, live)), ...rest }
    },
  )
}

function endRoute(app: FastifyInstance, parts: ApiParts): void {
  app.delete<{ Params: Static<typeof SessionInPath> }>(
    '/api/v1/sessions/:id',
    {
      config,
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'Ends a session and what runs in it, at once.',
        params: SessionInPath,
        response: { 204: Type.Null({ description: 'It has ended.' }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const details = describeSession(parts, id)
      const act = { category: 'SESSION', action: 'session_ended', details } as const
      await recordAct(parts, callerOf(request), act, () => {
        const { session } = existingSession(parts, id)
        session.end(endedByAdministrator())
      })
      return await reply.code(204).send()
    },
  )
}

function cancelRoute(app: FastifyInstance, parts: ApiParts): void {
  app.post<{ Params: Static<typeof StatementInPath> }>(
    '/api/v1/sessions/:id/statements/:queryId/cancel',
    {
      config,
      schema: {
        operationId: 'cancelStatement',
        tags,
        summary: 'Stops a statement; its session lives on.',
        params: StatementInPath,
        response: { 204: Type.Null({ description: 'It was told to stop.' }) },
      },
    },
    async (request, reply) => {
      const { id, queryId } = request.params
      const details = `${describeSession(parts, id)}, statement ${queryId}`
      const act = { category: 'SESSION', action: 'statement_cancelled', details } as const
      await recordAct(parts, callerOf(request), act, () => {
        if (existingSession(parts, id).cancel(Number(queryId), 'administrator command')) return
        throw new GatewayError('undefined_object', `statement ${queryId} does not run any more`)
      })
      return await reply.code(204).send()
    },
  )
}

function existingSession({ execution }: ApiParts, id: string): LiveSession {
  const live = execution.sessions.find(id)
  if (live) return live
  throw new GatewayError('undefined_object', 'there is no such session any more')
}

/** As the audit shows it. */
function describeSession({ execution }: ApiParts, id: string): string {
  const session = execution.sessions.find(id)?.session
  if (!session) return `session ${id}`
  const { principal, origin } = session
  return `session ${id} of ${principalName(principal)}, ${origin.tool} from ${origin.address}`
}

/** The words of PostgreSQL's pg_terminate_backend. */
function endedByAdministrator(): GatewayError {
  return new GatewayError('admin_shutdown', 'terminating connection due to administrator command', {
    hint: 'Ask the administrator of the gateway.',
  })
}

function searchText({ session }: LiveSession): string {
  const { principal, origin, settings } = session
  const { tool, address } = origin
  return [principalName(principal), settings.applicationName, tool, address]
    .join('\n')
    .toLowerCase()
}

/** The order of their keys, without making them. */
function byKey({ session: a }: LiveSession, { session: b }: LiveSession): number {
  return a.startedAt.getTime() - b.startedAt.getTime() || (a.id < b.id ? -1 : 1)
}

/** Ascending with the time of their beginning, and never the same for two. */
function keyOf({ session }: LiveSession): string {
  return `${session.startedAt.toISOString()} ${session.id}`
}
