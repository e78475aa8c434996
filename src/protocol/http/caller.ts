/** Who makes a request, once proven. Every request of a route that needs one bears it. */
import type { ConsoleSession } from '../../identity/users.ts'
import type { Principal } from '../../identity/principal.ts'

export interface Caller {
  readonly principal: Principal
  /** The peer's address; `local` for the control socket. */
  readonly address: string
  readonly door: 'http' | 'local'
  /** How the program calls itself (User-Agent); claimed, never trusted. */
  readonly tool: string
  /** How a user came; undefined for everybody else. */
  readonly consoleSession?: ConsoleSession
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined until it was proven, and for ever on routes that need nothing. */
    caller: Caller | undefined
  }
}
