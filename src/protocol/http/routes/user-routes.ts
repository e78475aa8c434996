/** /api/v1/users: who may sign in to the console. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { UserInfo } from '../../../identity/users.ts'
import { userNameKey } from '../../../identity/user-name.ts'
import type { ApiParts } from '../api-parts.ts'
import { IdempotencyKey, creationKey } from '../creation-key.ts'
import { IfMatch, etagHeader } from '../etag.ts'
import { roleCheck } from '../no-escalation.ts'
import { describeNewLink } from '../one-time-url.ts'
import { PageQuery, page } from '../page.ts'
import type { PageRequest } from '../page.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import {
  NEW_LINK,
  NEW_USER,
  USER,
  USER_CHANGE,
  USER_PAGE,
  USER_WITH_LINK,
} from '../schemas/user-schemas.ts'
import { userView } from '../user-view.ts'
import type { UserView } from '../user-view.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'
import { checkOfAct, describeUser, existingUser } from './user-in-path.ts'

const config = { needs: 'clusterAdmin' } as const
const tags = ['Users']

export function userRoutes(app: FastifyInstance, parts: ApiParts): void {
  readingRoutes(app, parts)
  creationRoute(app, parts)
  changeRoute(app, parts)
  stateRoutes(app, parts)
  linkRoute(app, parts)
  deletionRoute(app, parts)
}

function readingRoutes(app: FastifyInstance, { identity }: ApiParts): void {
  app.get<{ Querystring: PageRequest }>(
    '/api/v1/users',
    {
      config,
      schema: {
        operationId: 'listUsers',
        tags,
        summary: 'Lists users by name.',
        querystring: PageQuery,
        response: { 200: USER_PAGE.ref },
      },
    },
    (request) => {
      const part = userNameKey(request.query.search ?? '')
      const found = identity.listUsers().filter(({ name }) => userNameKey(name).includes(part))
      const { items, ...rest } = page(found, ({ name }) => name, request.query)
      return { items: items.map(userView), ...rest }
    },
  )

  app.get<Named>(
    '/api/v1/users/:name',
    {
      config,
      schema: {
        operationId: 'getUser',
        tags,
        summary: 'Shows a user.',
        params: NameInPath,
        response: { 200: USER.ref },
      },
    },
    (request, reply) => answer(reply, existingUser(identity, request.params.name)),
  )
}

function creationRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<{ Body: Static<typeof NEW_USER.schema> }>(
    '/api/v1/users',
    {
      config,
      schema: {
        operationId: 'createUser',
        tags,
        summary: 'Makes a user, and a link to choose the password with.',
        headers: IdempotencyKey,
        body: NEW_USER.ref,
        response: { 201: USER_WITH_LINK.ref },
      },
    },
    async (request, reply) => {
      const details = JSON.stringify(request.body)
      const act = { category: 'USER', action: 'user_created', details } as const
      const { user, link } = await recordAct(parts, callerOf(request), act, () =>
        identity.createUser(request.body, {
          once: creationKey(request),
          checkRole: roleCheck(identity, callerOf(request)),
        }),
      )
      const view = userView(user)
      return await reply
        .code(201)
        .header('location', `/api/v1/users/${encodeURIComponent(user.name)}`)
        .header('etag', etagHeader(view.etag))
        .send({ user: view, link: describeNewLink(link, parts.status().doors) })
    },
  )
}

function changeRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.patch<Named & { Body: Static<typeof USER_CHANGE.schema> }>(
    '/api/v1/users/:name',
    {
      config,
      schema: {
        operationId: 'changeUser',
        tags,
        summary: 'Gives a user another role; the sessions of the user end.',
        params: NameInPath,
        headers: IfMatch,
        body: USER_CHANGE.ref,
        response: { 200: USER.ref },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { role } = request.body
      const details = `${describeUser(identity, name)}: ${JSON.stringify(request.body)}`
      const act = { category: 'USER', action: 'user_changed', details } as const
      const user = await recordAct(parts, callerOf(request), act, () =>
        identity.setUserRole(name, role, {
          check: checkOfAct(identity, request),
          checkRole: roleCheck(identity, callerOf(request)),
        }),
      )
      return answer(reply, user)
    },
  )
}

function stateRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  for (const { verb, operationId, summary, action, enabled } of STATE_ACTS) {
    app.post<Named>(
      `/api/v1/users/:name/${verb}`,
      {
        config,
        schema: {
          operationId,
          tags,
          summary,
          params: NameInPath,
          headers: IfMatch,
          response: { 200: USER.ref },
        },
      },
      async (request, reply) => {
        const { name } = request.params
        const act = { category: 'USER', action, details: describeUser(identity, name) } as const
        const user = await recordAct(parts, callerOf(request), act, () =>
          identity.setUserEnabled(name, enabled, checkOfAct(identity, request)),
        )
        return answer(reply, user)
      },
    )
  }
}

const STATE_ACTS = [
  {
    verb: 'enable',
    operationId: 'enableUser',
    summary: 'Lets a disabled user sign in again.',
    action: 'user_enabled',
    enabled: true,
  },
  {
    verb: 'disable',
    operationId: 'disableUser',
    summary: 'Ends all sessions of a user at once, and lets none begin.',
    action: 'user_disabled',
    enabled: false,
  },
] as const

function linkRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.post<Named>(
    '/api/v1/users/:name/one-time-link',
    {
      config,
      schema: {
        operationId: 'makeOneTimeLink',
        tags,
        summary: 'Makes a link to choose a password with; older ones of the user end.',
        params: NameInPath,
        headers: IfMatch,
        response: { 201: NEW_LINK.ref },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const details = describeUser(identity, name)
      const act = { category: 'USER', action: 'one_time_link_made', details } as const
      const link = await recordAct(parts, callerOf(request), act, () =>
        identity.makeLink(name, checkOfAct(identity, request)),
      )
      return await reply.code(201).send(describeNewLink(link, parts.status().doors))
    },
  )
}

function deletionRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.delete<Named>(
    '/api/v1/users/:name',
    {
      config,
      schema: {
        operationId: 'deleteUser',
        tags,
        summary: 'Deletes a user; the sessions of the user end at once.',
        params: NameInPath,
        headers: IfMatch,
        response: { 204: Type.Null({ description: 'The user is gone.' }) },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const details = describeUser(identity, name)
      const act = { category: 'USER', action: 'user_deleted', details } as const
      await recordAct(parts, callerOf(request), act, () =>
        identity.deleteUser(name, checkOfAct(identity, request)),
      )
      return await reply.code(204).send()
    },
  )
}

function answer(reply: FastifyReply, user: UserInfo): UserView {
  const view = userView(user)
  void reply.header('etag', etagHeader(view.etag))
  return view
}
