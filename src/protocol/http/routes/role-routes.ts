/** /api/v1/roles: makes, lists and drops roles. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import { databaseRef } from '../../../catalog/catalog-snapshot.ts'
import type { GrantChange, RoleInfo } from '../../../identity/identity.ts'
import type { ApiParts } from '../api-parts.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const NewRole = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    login: Type.Optional(Type.Boolean()),
    superuser: Type.Optional(Type.Boolean()),
    clusterAdmin: Type.Optional(Type.Boolean()),
    /** Databases that the role may connect to. */
    connect: Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 100 })),
  },
  { additionalProperties: false },
)

export function roleRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  const config = { needs: 'clusterAdmin' } as const

  app.get('/api/v1/roles', { config }, () => ({ roles: identity.listRoles() }))

  app.post<{ Body: Static<typeof NewRole> }>(
    '/api/v1/roles',
    { config, schema: { body: NewRole } },
    async (request, reply) => {
      const { name } = request.body
      const details = JSON.stringify(request.body)
      const act = { category: 'ROLE', action: 'role_created', details } as const
      const role = await recordAct(parts, callerOf(request), act, () =>
        createRole(parts, request.body),
      )
      return await reply.code(201).header('location', `/api/v1/roles/${name}`).send(role)
    },
  )

  app.delete<Named>(
    '/api/v1/roles/:name',
    { config, schema: { params: NameInPath } },
    async (request, reply) => {
      const { name } = request.params
      const act = { category: 'ROLE', action: 'role_dropped', details: `role ${name}` } as const
      await recordAct(parts, callerOf(request), act, () => identity.dropRole(name))
      return await reply.code(204).send()
    },
  )
}

/** The databases are looked up first, so that a wrong name leaves no role behind. */
async function createRole(
  { identity, catalog }: ApiParts,
  { name, connect = [], ...attributes }: Static<typeof NewRole>,
): Promise<RoleInfo> {
  const snapshot = await catalog.current()
  const grants = connect.map((database): GrantChange => {
    const entry = snapshot.database(database)
    if (!entry) {
      throw new GatewayError('invalid_catalog_name', `database "${database}" does not exist`, {
        hint: `There are: ${snapshot.databases.map((one) => one.name).join(', ')}.`,
      })
    }
    return { role: name, permission: 'CONNECT', object: databaseRef(entry) }
  })
  const role = await identity.createRole(name, attributes)
  if (grants.length > 0) await identity.grant(grants)
  return role
}
