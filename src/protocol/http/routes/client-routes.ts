/** /api/v1/clients: makes, lists, changes, enables, disables and deletes clients. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { present } from '../../../base/assert.ts'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ClientInfo } from '../../../identity/identity.ts'
import type { ApiParts } from '../api-parts.ts'
import { clientView } from '../client-view.ts'
import type { ClientView } from '../client-view.ts'
import { IdempotencyKey, creationKey } from '../creation-key.ts'
import { IfMatch, etagHeader } from '../etag.ts'
import { roleCheck } from '../no-escalation.ts'
import { PageQuery, page } from '../page.ts'
import type { PageRequest } from '../page.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import {
  CLIENT,
  CLIENT_CHANGE,
  CLIENT_PAGE,
  CLIENT_WITH_TOKEN,
  NEW_CLIENT,
} from '../schemas/client-schemas.ts'
import { checkOfAct, describeClient, existingClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const config = { needs: 'clusterAdmin' } as const
const tags = ['Clients']

export function clientRoutes(app: FastifyInstance, parts: ApiParts): void {
  readingRoutes(app, parts)
  creationRoute(app, parts)
  changeRoute(app, parts)
  stateRoutes(app, parts)
  deletionRoute(app, parts)
}

function readingRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.get<{ Querystring: PageRequest }>(
    '/api/v1/clients',
    {
      config,
      schema: {
        operationId: 'listClients',
        tags,
        summary: 'Lists clients by name; search finds names and labels.',
        querystring: PageQuery,
        response: { 200: CLIENT_PAGE.ref },
      },
    },
    (request) => {
      const names = identity.clientNames(searched(request.query))
      const { items, ...rest } = page(names, (name) => name, request.query)
      const clients = items.map((name) =>
        clientView(parts, present(identity.findClient(name), 'a listed client is there')),
      )
      return { items: clients, ...rest }
    },
  )

  app.get<Named>(
    '/api/v1/clients/:name',
    {
      config,
      schema: {
        operationId: 'getClient',
        tags,
        summary: 'Shows a client; its token is not part of it.',
        params: NameInPath,
        response: { 200: CLIENT.ref },
      },
    },
    (request, reply) => answer(parts, reply, existingClient(identity, request.params.name)),
  )
}

function creationRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<{ Body: Static<typeof NEW_CLIENT.schema> }>(
    '/api/v1/clients',
    {
      config,
      schema: {
        operationId: 'createClient',
        tags,
        summary: 'Makes a client and its access token.',
        headers: IdempotencyKey,
        body: NEW_CLIENT.ref,
        response: { 201: CLIENT_WITH_TOKEN.ref },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...rest } = request.body
      const details = JSON.stringify(request.body)
      const caller = callerOf(request)
      const { client, token } = await recordAct(
        parts,
        caller,
        { category: 'CLIENT', action: 'client_created', details },
        async () =>
          await identity.createClient(
            expiresAt === undefined ? rest : { ...rest, expiresAt: instant(expiresAt) },
            { once: creationKey(request), checkRole: roleCheck(identity, caller) },
          ),
      )
      const view = clientView(parts, client)
      return await reply
        .code(201)
        .header('location', `/api/v1/clients/${client.name}`)
        .header('etag', etagHeader(view.etag))
        .send({ client: view, token })
    },
  )
}

function changeRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.patch<Named & { Body: Static<typeof CLIENT_CHANGE.schema> }>(
    '/api/v1/clients/:name',
    {
      config,
      schema: {
        operationId: 'changeClient',
        tags,
        summary: 'Changes label, role, addresses or expiry.',
        params: NameInPath,
        headers: IfMatch,
        body: CLIENT_CHANGE.ref,
        response: { 200: CLIENT.ref },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { expiresAt, ...rest } = request.body
      const caller = callerOf(request)
      const details = `${describeClient(identity, name)}: ${JSON.stringify(request.body)}`
      const act = { category: 'CLIENT', action: 'client_changed', details } as const
      const changed = await recordAct(parts, caller, act, () => {
        const end = typeof expiresAt === 'string' ? instant(expiresAt) : expiresAt
        return identity.changeClient(
          name,
          { ...rest, ...(end !== undefined && { expiresAt: end }) },
          { check: checkOfAct(identity, request), checkRole: roleCheck(identity, caller) },
        )
      })
      return answer(parts, reply, changed)
    },
  )
}

function stateRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  for (const { verb, operationId, summary, action, work } of STATE_ACTS) {
    app.post<Named>(
      `/api/v1/clients/:name/${verb}`,
      {
        config,
        schema: {
          operationId,
          tags,
          summary,
          params: NameInPath,
          headers: IfMatch,
          response: { 200: CLIENT.ref },
        },
      },
      async (request, reply) => {
        const { name } = request.params
        const details = describeClient(identity, name)
        const act = { category: 'CLIENT', action, details } as const
        await recordAct(parts, callerOf(request), act, () =>
          work(parts, name, checkOfAct(identity, request)),
        )
        return answer(parts, reply, existingClient(identity, name))
      },
    )
  }
}

type ActCheck = ReturnType<typeof checkOfAct>

const STATE_ACTS = [
  {
    verb: 'enable',
    operationId: 'enableClient',
    summary: 'Lets a disabled client in again.',
    action: 'client_enabled',
    work: async ({ identity }: ApiParts, name: string, check: ActCheck) =>
      void (await identity.setClientEnabled(name, true, check)),
  },
  {
    verb: 'disable',
    operationId: 'disableClient',
    summary: 'Ends all sessions of a client at once, and lets none in.',
    action: 'client_disabled',
    work: async ({ identity }: ApiParts, name: string, check: ActCheck) =>
      void (await identity.setClientEnabled(name, false, check)),
  },
  {
    verb: 'designate-jobs',
    operationId: 'designateJobsClient',
    summary: 'Makes this the one client that Jobs run as.',
    action: 'jobs_client_designated',
    work: async ({ identity }: ApiParts, name: string, check: ActCheck) =>
      await identity.designateJobsClient(name, check),
  },
] as const

function deletionRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.delete<Named>(
    '/api/v1/clients/:name',
    {
      config,
      schema: {
        operationId: 'deleteClient',
        tags,
        summary: 'Deletes a client and its token; its sessions end at once.',
        params: NameInPath,
        headers: IfMatch,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const details = describeClient(identity, name)
      const act = { category: 'CLIENT', action: 'client_deleted', details } as const
      await recordAct(parts, callerOf(request), act, () =>
        identity.deleteClient(name, checkOfAct(identity, request)),
      )
      return await reply.code(204).send()
    },
  )
}

function searched({ search }: PageRequest): { search?: string } {
  return search === undefined ? {} : { search }
}

function answer(parts: ApiParts, reply: FastifyReply, client: ClientInfo): ClientView {
  const view = clientView(parts, client)
  void reply.header('etag', etagHeader(view.etag))
  return view
}

function instant(text: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new GatewayError('invalid_parameter_value', `expiresAt "${text}" is not a point in time`, {
    field: 'expiresAt',
    hint: 'Write it as 2030-12-31T23:59:59Z.',
  })
}
