/**
 * The API's own description, OpenAPI 3.1, at /openapi.json: made from the routes themselves.
 *
 * Each route says what it takes, what it answers and what a caller must be; the rest (who may call,
 * how errors look) is the same for all and is added here.
 */
import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { API_COMPONENTS } from './api-components.ts'
import type { RouteNeeds } from './route-needs.ts'

/** For before the routes: those that are made before it is loaded are not described. */
export function describeApi(app: FastifyInstance): void {
  for (const { schema } of API_COMPONENTS) app.addSchema(schema)
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bluegate',
        version: 'v1',
        description: 'How to authenticate, pages, errors and live streams: see docs/api.md.',
      },
      tags: TAGS,
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    refResolver: { buildLocalReference: (json) => String(json['$id']) },
    transform: ({ schema, url, route }) => ({
      schema: described(schema, route.config?.needs),
      url,
    }),
  })
}

/** GET /openapi.json. For after `describeApi`. */
export function openApiRoute(app: FastifyInstance): void {
  let json: string | undefined
  app.get(
    '/openapi.json',
    { config: { needs: 'nothing' }, schema: { hide: true } },
    async (_, reply) => {
      json ??= JSON.stringify(app.swagger())
      return await reply.type('application/json; charset=utf-8').send(json)
    },
  )
}

const TAGS = [
  { name: 'Sign-in', description: 'How people sign in, and how they get a password.' },
  { name: 'Users', description: 'People who may sign in to the console.' },
  { name: 'Clients', description: 'Machine identities, one for each tool that connects.' },
  { name: 'Tokens', description: 'The access token of a client.' },
  { name: 'Roles', description: 'What clients and users may do.' },
  { name: 'Sessions', description: 'Who is connected now, and what runs.' },
  { name: 'Audit', description: 'Who did what.' },
  { name: 'Loads', description: 'Files into tables, in the name of the caller.' },
  { name: 'SQL', description: 'Statements in the name of the caller.' },
  { name: 'Operations', description: 'Health, figures, warnings, backups and keys.' },
  { name: 'Gateway', description: 'How the gateway stands, and what changes in it.' },
]

const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'The access token of a client.',
  },
  nameAndToken: {
    type: 'http',
    scheme: 'basic',
    description: 'The name of a client, and its access token as the password.',
  },
  console: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-bluegate',
    description:
      'The session of a person who signed in. Requests other than GET also need the header X-Bluegate-Console: 1.',
  },
} as const

const PROBLEM_RESPONSE = {
  description: 'A problem document: `code` says which.',
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
}

function described(schema: FastifySchema | undefined, needs: RouteNeeds | undefined) {
  const response = (schema as { response?: Record<string, unknown> } | undefined)?.response ?? {}
  return {
    ...schema,
    security:
      needs === 'nothing' ? [] : Object.keys(SECURITY_SCHEMES).map((one) => ({ [one]: [] })),
    'x-needs': needs,
    response: { ...response, '4XX': PROBLEM_RESPONSE, '5XX': PROBLEM_RESPONSE },
  }
}
