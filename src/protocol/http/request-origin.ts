/** Where a request comes from, as the audit names it. */
import type { FastifyRequest } from 'fastify'

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
  const address = request.socket.remoteAddress ?? 'unknown' // the peer may be gone
  return {
    address: address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, ''),
    door,
    tool: withoutToken(request.headers['user-agent'] ?? 'unknown', TOOL_LENGTH_MAX),
  }
}

/** A claimed text that may be kept: tokens have been pasted into the wrong field before. */
export function withoutToken(text: string, lengthMax = 255): string {
  if (/bluegate_/i.test(text)) return '(hidden)'
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, lengthMax)
}
