/**
 * Which state of an object a caller saw: a digest of its lasting members.
 *
 * What changes by itself (last use, open sessions) is not part of it, so that a person who had a
 * form open for a minute is not told of changes that nobody made. Source: RFC 9110, section 13.1.1.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { GatewayError } from '../../base/gateway-error.ts'

/** For the `headers` of a route's schema. */
export const IfMatch = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'The `etag` that the caller saw. Another one is answered with 412.',
    }),
  ),
})

/** @param lasting The same members in the same order, always. */
export function etagOf(lasting: object): string {
  return createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 22)
}

export function etagHeader(etag: string): string {
  return `"${etag}"`
}

/** @throws GatewayError `conflict` (412) when the caller saw another state. */
export function checkIfMatch(request: FastifyRequest, etag: string): void {
  const asked = request.headers['if-match']
  if (asked === undefined) return
  const tags = asked.split(',').map((tag) => tag.trim().replaceAll(/^(?:W\/)?"|"$/g, ''))
  if (tags.includes('*') || tags.includes(etag)) return
  throw new GatewayError('conflict', 'somebody else changed it meanwhile', {
    field: 'If-Match',
    hint: 'Look at it as it is now, and decide again.',
  })
}
