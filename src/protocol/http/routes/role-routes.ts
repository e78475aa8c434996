/** /api/v1/roles: makes, lists, changes and drops roles. Grants are SQL, in the caller's name. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import { databaseRef } from '../../../catalog/catalog-snapshot.ts'
import type { Check, GrantInfo, Identity, RoleInfo } from '../../../identity/identity.ts'
import type { ApiParts } from '../api-parts.ts'
import type { Caller } from '../caller.ts'
import { IdempotencyKey, creationKey } from '../creation-key.ts'
import { IfMatch, checkIfMatch, etagHeader } from '../etag.ts'
import { mayGiveAttributes, mayGiveConnect, mayTouchRole } from '../no-escalation.ts'
import { PageQuery, page } from '../page.ts'
import type { PageRequest } from '../page.ts'
import { recordAct } from '../record-act.ts'
import { roleDetail, roleEtag, roleView } from '../role-view.ts'
import { callerOf } from '../route-needs.ts'
import { NEW_ROLE, ROLE, ROLE_CHANGE, ROLE_DETAIL, ROLE_PAGE } from '../schemas/role-schemas.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const config = { needs: 'clusterAdmin' } as const
const tags = ['Roles']

export function roleRoutes(app: FastifyInstance, parts: ApiParts): void {
  readingRoutes(app, parts)
  creationRoute(app, parts)
  changeRoute(app, parts)
  droppingRoute(app, parts)
}

function readingRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.get<{ Querystring: PageRequest }>(
    '/api/v1/roles',
    {
      config,
      schema: {
        operationId: 'listRoles',
        tags,
        summary: 'Lists roles in the order in which they were made; search finds names.',
        querystring: PageQuery,
        response: { 200: ROLE_PAGE.ref },
      },
    },
    (request) => {
      const part = request.query.search?.toLowerCase() ?? ''
      const found = identity.listRoles().filter(({ name }) => name.toLowerCase().includes(part))
      const { items, ...rest } = page(found, keyOf, request.query)
      return { items: items.map(roleView), ...rest }
    },
  )

  app.get<Named>(
    '/api/v1/roles/:name',
    {
      config,
      schema: {
        operationId: 'getRole',
        tags,
        summary: 'Shows a role with its members, its grants and who uses it.',
        params: NameInPath,
        response: { 200: ROLE_DETAIL.ref },
      },
    },
    async (request, reply) => {
      const role = existingRole(identity, request.params.name)
      void reply.header('etag', etagHeader(roleEtag(role)))
      return await roleDetail(parts, role)
    },
  )
}

function creationRoute(app: FastifyInstance, parts: ApiParts): void {
  app.post<{ Body: Static<typeof NEW_ROLE.schema> }>(
    '/api/v1/roles',
    {
      config,
      schema: {
        operationId: 'createRole',
        tags,
        summary: 'Makes a role.',
        headers: IdempotencyKey,
        body: NEW_ROLE.ref,
        response: { 201: ROLE.ref },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const details = JSON.stringify(request.body)
      const act = { category: 'ROLE', action: 'role_created', details } as const
      const role = roleView(
        await recordAct(parts, caller, act, () => createRole(parts, caller, request)),
      )
      return await reply
        .code(201)
        .header('location', `/api/v1/roles/${encodeURIComponent(role.name)}`)
        .header('etag', etagHeader(role.etag))
        .send(role)
    },
  )
}

function changeRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.patch<Named & { Body: Static<typeof ROLE_CHANGE.schema> }>(
    '/api/v1/roles/:name',
    {
      config,
      schema: {
        operationId: 'changeRole',
        tags,
        summary: 'Renames a role, or gives it other attributes.',
        params: NameInPath,
        headers: IfMatch,
        body: ROLE_CHANGE.ref,
        response: { 200: ROLE.ref },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const caller = callerOf(request)
      const details = `role ${name}: ${JSON.stringify(request.body)}`
      const act = { category: 'ROLE', action: 'role_changed', details } as const
      const role = roleView(
        await recordAct(parts, caller, act, () => {
          mayGiveAttributes(identity, caller, request.body)
          return identity.changeRole(name, request.body, checkOfAct(identity, request))
        }),
      )
      void reply.header('etag', etagHeader(role.etag))
      return role
    },
  )
}

function droppingRoute(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  app.delete<Named>(
    '/api/v1/roles/:name',
    {
      config,
      schema: {
        operationId: 'dropRole',
        tags,
        summary: 'Drops a role that nobody uses.',
        params: NameInPath,
        headers: IfMatch,
        response: { 204: Type.Null({ description: 'It is gone.' }) },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const act = { category: 'ROLE', action: 'role_dropped', details: `role ${name}` } as const
      await recordAct(parts, callerOf(request), act, () =>
        identity.dropRole(name, checkOfAct(identity, request)),
      )
      return await reply.code(204).send()
    },
  )
}

/** The databases are looked up first, so that a wrong name leaves no role behind. */
async function createRole(
  { identity, catalog }: ApiParts,
  caller: Caller,
  request: FastifyRequest<{ Body: Static<typeof NEW_ROLE.schema> }>,
): Promise<RoleInfo> {
  const { name, connect = [], ...attributes } = request.body
  mayGiveAttributes(identity, caller, attributes)
  const snapshot = await catalog.current()
  const grants = connect.map((database): GrantInfo => {
    const entry = snapshot.database(database)
    if (!entry) {
      throw new GatewayError('invalid_catalog_name', `database "${database}" does not exist`, {
        field: 'connect',
        hint: `There are: ${snapshot.databases.map((one) => one.name).join(', ')}.`,
      })
    }
    mayGiveConnect(identity, caller, databaseRef(entry), entry.name)
    return { permission: 'CONNECT', object: databaseRef(entry) }
  })
  return await identity.createRole(name, attributes, { grants, once: creationKey(request) })
}

/** Whether this request may act on the role as it is: as its caller saw it, and not above its caller. */
function checkOfAct(identity: Identity, request: FastifyRequest): Check<RoleInfo> {
  return (current) => {
    checkIfMatch(request, roleEtag(current))
    mayTouchRole(identity, callerOf(request), current.id)
  }
}

function existingRole(identity: Identity, name: string): RoleInfo {
  const role = identity.findRole(name)
  if (role) return role
  throw new GatewayError('undefined_object', `role "${name}" does not exist`, {
    hint: 'bluegate role list shows all.',
  })
}

/** Numbers of one length sort as texts. */
function keyOf({ number }: RoleInfo): string {
  return String(number).padStart(12, '0')
}
