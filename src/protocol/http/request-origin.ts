/** Where a request comes from, as the audit names it. */
import type { FastifyRequest } from 'fastify'
import { withoutToken } from '../claimed-text.ts'
import { peerAddress } from '../peer-address.ts'

export interface RequestOrigin {
  /** The peer's; `local` on the control socket. */
  readonly address: string
  readonly door: 'http' | 'local'
  /** How the program calls itself (User-Agent); claimed, never trusted. */
  readonly tool: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Which door the API was built for. */
    door: 'http' | 'local'
  }
}

const TOOL_LENGTH_MAX = 200

export function originOf(request: FastifyRequest): RequestOrigin {
  const { door } = request
  if (door === 'local') return { address: 'local', door, tool: 'bluegate' }
  return {
    address: peerAddress(request.socket.remoteAddress), // unknown when the peer is gone
    door,
    tool: withoutToken(request.headers['user-agent'] ?? 'unknown', TOOL_LENGTH_MAX),
  }
}
