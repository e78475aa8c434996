/** `Idempotency-Key`: the same key with the same request makes one object, however often it is sent. */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CreationKey } from '../../identity/creation-key.ts'
import type { Principal } from '../../identity/principal.ts'
import { callerOf } from './route-needs.ts'

/** For the `headers` of a route's schema. */
export const IdempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Up to 128 printable characters, chosen by the caller. For 24 hours the same key with the same body answers what was made then.',
    }),
  ),
})

/**
 * @returns undefined when the caller sent none.
 * @throws GatewayError `invalid_parameter_value`.
 */
export function creationKey(request: FastifyRequest): CreationKey | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new GatewayError('invalid_parameter_value', 'the Idempotency-Key cannot be used', {
      field: 'Idempotency-Key',
      hint: 'It has 1 to 128 printable ASCII characters without spaces, such as a UUID.',
    })
  }
  return {
    key: digest([callerKey(callerOf(request).principal), key]),
    request: digest([request.method, request.routeOptions.url, request.body]),
  }
}

function callerKey(principal: Principal): string {
  switch (principal.kind) {
    case 'client':
      return `client ${principal.clientId}`
    case 'user':
      return `user ${principal.userId}`
    case 'local':
      return 'local'
  }
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
