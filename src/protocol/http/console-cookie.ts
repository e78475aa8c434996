/**
 * The cookie that a console session lives by. The prefix `__Host-` makes the browser refuse it
 * without TLS, from another host, or for a part of the site. Source: RFC 6265bis, section 4.1.3.
 */
import { fastifyCookie as cookies } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const NAME = '__Host-bluegate'
const FLAGS = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** Undefined where there is none. Its plugin is registered by `build-api.ts`. */
export function consoleCookie(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers
  return cookie === undefined ? undefined : cookies.parse(cookie)[NAME]
}

/** Without an age: the browser forgets it at its end. */
export function setConsoleCookie(reply: FastifyReply, secret: string): void {
  void reply.header('set-cookie', cookies.serialize(NAME, secret, FLAGS))
}

export function clearConsoleCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', cookies.serialize(NAME, '', { ...FLAGS, maxAge: 0 }))
}
