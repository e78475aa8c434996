/** Who is asking, once authenticated. */
export type Principal = ClientPrincipal | UserPrincipal | LocalAdministrator

/** A machine identity that proved its access token. */
export interface ClientPrincipal {
  readonly kind: 'client'
  readonly clientId: string
  readonly clientName: string
  readonly tokenId: string
  readonly roleId: string
}

/** A person who signed in to the console. */
export interface UserPrincipal {
  readonly kind: 'user'
  readonly userId: string
  readonly userName: string
  readonly roleId: string
  /** Ends with it; absent where the proof made no session. */
  readonly consoleSessionId?: string
}

/**
 * Whoever may open the Unix socket in the data directory: SUPERUSER and CLUSTERADMIN by the rights
 * of that directory. Acts under the built-in role `sqream` (id 1 in BLUE), shown as `local`.
 */
export interface LocalAdministrator {
  readonly kind: 'local'
  readonly roleId: string
}

/** The name under which the audit records a principal. */
export function principalName(principal: Principal): string {
  switch (principal.kind) {
    case 'client':
      return principal.clientName
    case 'user':
      return principal.userName
    case 'local':
      return 'local'
  }
}
