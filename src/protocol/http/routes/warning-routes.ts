/** /api/v1/warnings: what an administrator should know and do, for the banner of the console. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ApiParts } from '../api-parts.ts'

const Warnings = Type.Array(
  Type.Object({
    kind: Type.String(),
    severity: Type.Union([Type.Literal('info'), Type.Literal('warning'), Type.Literal('critical')]),
    text: Type.String(),
    fix: Type.String(),
    since: Type.String(),
    client: Type.Optional(Type.String()),
  }),
)

export function warningRoutes(app: FastifyInstance, { operations }: ApiParts): void {
  app.get(
    '/api/v1/warnings',
    { config: { needs: 'clusterAdmin' }, schema: { response: { 200: Warnings } } },
    async () => await operations.warnings(),
  )
}
