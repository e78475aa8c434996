/** /api/v1/keys: the root keys of the installation. None is ever shown. */
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ApiParts } from '../api-parts.ts'
import { recordAct } from '../record-act.ts'
import { requireSuperuser } from '../require-superuser.ts'
import { callerOf } from '../route-needs.ts'
import { KEY_ROTATION } from '../schemas/operations-schemas.ts'

const Nothing = Type.Object({}, { additionalProperties: false })

export function keyRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.post(
    '/api/v1/keys/rotate',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'rotateKeys',
        tags: ['Operations'],
        summary: 'Makes a new root key, and seals every token under it; needs SUPERUSER.',
        body: Nothing,
        response: { 200: KEY_ROTATION.ref },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      requireSuperuser(parts.identity, caller, 'every token is sealed anew')
      const act = { category: 'SYSTEM', action: 'keys_rotated', details: '' } as const
      return await recordAct(parts, caller, act, () => parts.operations.rotateKeys())
    },
  )
}
