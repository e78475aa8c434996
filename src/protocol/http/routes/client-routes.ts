/** /api/v1/clients: makes, lists, enables, disables and deletes clients. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ApiParts } from '../api-parts.ts'
import { recordAct } from '../record-act.ts'
import { callerOf } from '../route-needs.ts'
import { describeClient, existingClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

const NewClientBody = Type.Object(
  {
    name: Type.String({ maxLength: 255 }),
    role: Type.String({ maxLength: 255 }),
    label: Type.Optional(Type.String({ maxLength: 255 })),
    /** ISO 8601. */
    expiresAt: Type.Optional(Type.String({ maxLength: 40 })),
    allowedAddresses: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1_000 }),
    ),
  },
  { additionalProperties: false },
)

export function clientRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { identity } = parts
  const config = { needs: 'clusterAdmin' } as const
  const named = { config, schema: { params: NameInPath } }

  app.get('/api/v1/clients', { config }, () => ({ clients: identity.listClients() }))

  app.get<Named>('/api/v1/clients/:name', named, (request) =>
    existingClient(identity, request.params.name),
  )

  app.post<{ Body: Static<typeof NewClientBody> }>(
    '/api/v1/clients',
    { config, schema: { body: NewClientBody } },
    async (request, reply) => {
      const { expiresAt, ...rest } = request.body
      const details = JSON.stringify(request.body)
      const created = await recordAct(
        parts,
        callerOf(request),
        { category: 'CLIENT', action: 'client_created', details },
        async () =>
          await identity.createClient(
            expiresAt === undefined ? rest : { ...rest, expiresAt: instant(expiresAt) },
          ),
      )
      return await reply
        .code(201)
        .header('location', `/api/v1/clients/${created.client.name}`)
        .send(created)
    },
  )

  for (const [verb, action, enabled] of [
    ['enable', 'client_enabled', true],
    ['disable', 'client_disabled', false],
  ] as const) {
    app.post<Named>(`/api/v1/clients/:name/${verb}`, named, async (request) => {
      const { name } = request.params
      const act = { category: 'CLIENT', action, details: describeClient(identity, name) } as const
      return await recordAct(parts, callerOf(request), act, () =>
        identity.setClientEnabled(name, enabled),
      )
    })
  }

  app.post<Named>('/api/v1/clients/:name/designate-jobs', named, async (request) => {
    const { name } = request.params
    const details = describeClient(identity, name)
    const act = { category: 'CLIENT', action: 'jobs_client_designated', details } as const
    await recordAct(parts, callerOf(request), act, () => identity.designateJobsClient(name))
    return existingClient(identity, name)
  })

  app.delete<Named>('/api/v1/clients/:name', named, async (request, reply) => {
    const { name } = request.params
    const details = describeClient(identity, name)
    const act = { category: 'CLIENT', action: 'client_deleted', details } as const
    await recordAct(parts, callerOf(request), act, () => identity.deleteClient(name))
    return await reply.code(204).send()
  })
}

function instant(text: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new GatewayError('invalid_parameter_value', `expiresAt "${text}" is not a point in time`, {
    hint: 'Write it as 2030-12-31T23:59:59Z.',
  })
}
