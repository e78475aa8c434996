/** /api/v1/clients/:name/connect and /api/v1/ca.crt: what a tool needs to connect. */
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { GatewayError } from '../../../base/gateway-error.ts'
import type { ApiParts } from '../api-parts.ts'
import { connectKit } from '../connect-kit/connect-kit.ts'
import { CA_FILE_NAME, connectionTarget } from '../connect-kit/connection-target.ts'
import { CONNECT_KIT } from '../schemas/connect-schemas.ts'
import { existingClient } from './client-in-path.ts'
import { NameInPath } from './name-in-path.ts'
import type { Named } from './name-in-path.ts'

/** The address under which a browser has the file; the console's own address comes before it. */
const CA_PATH = '/api/v1/ca.crt'

const ConnectQuery = Type.Object(
  {
    caFile: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_000,
        pattern: '^[^\\x00-\\x1f\\x7f;]+$',
        description: `Where the tool has the CA file; ${CA_FILE_NAME} when it is left out.`,
      }),
    ),
  },
  { additionalProperties: false },
)

export function connectRoutes(app: FastifyInstance, parts: ApiParts): void {
  kitRoute(app, parts)
  caFileRoute(app, parts)
}

function kitRoute(app: FastifyInstance, parts: ApiParts): void {
  app.get<Named & { Querystring: Static<typeof ConnectQuery> }>(
    '/api/v1/clients/:name/connect',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'getConnectKit',
        tags: ['Clients'],
        summary: 'Ready lines for the tools that connect as this client.',
        params: NameInPath,
        querystring: ConnectQuery,
        response: { 200: CONNECT_KIT.ref },
      },
    },
    (request) => {
      const { name } = existingClient(parts.identity, request.params.name)
      const target = connectionTarget(parts.status(), name, request.query.caFile)
      const { host, port, database, user, caFile, httpsUrl } = target
      return {
        server: {
          host,
          port,
          database,
          user,
          sslMode: 'verify-full',
          ...(caFile !== undefined && { caFileUrl: `${httpsUrl ?? ''}${CA_PATH}` }),
          ...(httpsUrl !== undefined && { httpsUrl }),
        },
        snippets: connectKit(target),
      }
    },
  )
}

/** A certificate of an authority is no secret, and who needs it cannot prove anything yet. */
function caFileRoute(app: FastifyInstance, parts: ApiParts): void {
  app.get(
    CA_PATH,
    {
      config: { needs: 'nothing' },
      schema: {
        operationId: 'getCaFile',
        tags: ['Gateway'],
        summary: 'The CA certificate that tools need to trust, as PEM.',
        response: {
          200: {
            description: 'A file.',
            content: { 'application/x-pem-file': { schema: Type.String() } },
          },
        },
      },
    },
    async (_, reply) => {
      const { caFile } = parts.status()
      if (caFile === undefined) {
        throw new GatewayError('undefined_object', 'this gateway has no CA of its own', {
          hint: 'Its certificate was given to it: ask whoever did, or trust what your system trusts.',
        })
      }
      const pem = await readFile(caFile, 'utf8')
      return await reply
        .type('application/x-pem-file')
        .header('content-disposition', `attachment; filename="${CA_FILE_NAME}"`)
        .send(pem)
    },
  )
}
