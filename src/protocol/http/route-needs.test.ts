import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Caller } from './caller.ts'
import { checkNeeds } from './route-needs.ts'

const ADMINISTRATOR: Caller = {
  principal: { kind: 'user', userId: 'u1', userName: 'ada', roleId: 'admins' },
  address: '127.0.0.1',
  door: 'http',
  tool: 'a test',
}
const ANALYST: Caller = {
  ...ADMINISTRATOR,
  principal: { kind: 'user', userId: 'u2', userName: 'bob', roleId: 'analysts' },
}

function appFor(caller: Caller | undefined): FastifyInstance {
  const app = fastify()
  const authority = (roleId: string) => ({ clusterAdmin: roleId === 'admins' })
  app.setErrorHandler(async (error, _, reply) => {
    await reply.code(400).send({ code: error instanceof GatewayError ? error.kind : String(error) })
  })
  checkNeeds(app, { authority } as unknown as Pick<Identity, 'authority'>, () => caller)
  for (const needs of ['nothing', 'signedIn', 'clusterAdmin'] as const) {
    app.get(`/${needs}`, { config: { needs } }, () => 'in')
  }
  return app
}

test.each([
  ['nobody', undefined, ['in', 'invalid_password', 'invalid_password']],
  ['a user', ANALYST, ['in', 'in', 'insufficient_privilege']],
  ['an administrator', ADMINISTRATOR, ['in', 'in', 'in']],
])('%s gets into what needs nothing, signedIn, clusterAdmin: %#', async (_, caller, expected) => {
  const app = appFor(caller)
  const seen = await Promise.all(
    ['/nothing', '/signedIn', '/clusterAdmin'].map(async (url) => {
      const { statusCode, body, json } = await app.inject(url)
      return statusCode === 200 ? body : (json() as { code: string }).code
    }),
  )
  expect(seen).toEqual(expected)
})

test('a route that does not say what it needs cannot be made', () => {
  const app = appFor(undefined)
  expect(() => app.get('/forgotten', () => 'in')).toThrow('GET /forgotten does not say needs')
})
