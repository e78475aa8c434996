/** Users of the console as the rest of the gateway sees them: the part of `Identity` about people. */
import type { CreationKey } from './creation-key.ts'
import type { UserPrincipal } from './principal.ts'

/** Asking for users and changing them. As in `Identity`, whether the actor may, the caller checked. */
export interface Users {
  listUsers(): readonly UserInfo[]
  findUser(name: string): UserInfo | undefined

  /**
   * The user has no password yet: `link` lets one be chosen. Asked for again under the same key,
   * there is a new link to the same user.
   */
  createUser(
    request: { readonly name: string; readonly role: string },
    options?: { readonly once?: CreationKey | undefined; readonly checkRole?: RoleCheck },
  ): Promise<{ user: UserInfo; link: NewLink }>
  /**
   * @throws `object_in_use` for the last enabled user with CLUSTERADMIN; so do the next two, and
   *         what changes or drops roles or revokes a membership.
   */
  setUserEnabled(name: string, enabled: boolean, check?: UserCheck): Promise<UserInfo>
  setUserRole(
    name: string,
    role: string,
    checks?: { readonly check?: UserCheck; readonly checkRole?: RoleCheck },
  ): Promise<UserInfo>
  deleteUser(name: string, check?: UserCheck): Promise<void>

  /** A link to choose a password with; older ones of this user end. */
  makeLink(name: string, check?: UserCheck): Promise<NewLink>
  /** A link to make the first user with; undefined, and no older one lives, once there is a user. */
  makeSetupLink(): Promise<NewLink | undefined>
  /** What a link is for, without using it. @throws `undefined_object` for one that is not valid. */
  lookAtLink(secret: string): OneTimeLink
}

/** See `Check` in `identity.ts`. */
export type UserCheck = (current: UserInfo) => void
export type RoleCheck = (role: { readonly id: string }) => void

/** How people prove themselves, and what they then have: a console session. */
export interface ConsoleSignIn {
  /**
   * Proves a user's password.
   *
   * Unknown, disabled, no password yet, wrong password: the same error (`invalid_password`) after
   * the same work; the true reason is in `cause` (a `SignInFailure`), for the audit alone. Too many
   * failures from one address: `too_many_attempts`. Only after the proof, a role without LOGIN gets
   * `invalid_authorization` with a helpful text.
   */
  provePassword(attempt: PasswordAttempt): Promise<ProvenUser>

  /**
   * Uses up a one-time link and sets the password. `userName` is for a setup link alone: it makes
   * the first user, with the built-in role of administrators. All sessions of the user end.
   * @throws `undefined_object` for a link that is not valid, `invalid_parameter_value` for a password
   *         or name that cannot be used: the link stays valid then.
   */
  redeemLink(request: {
    readonly secret: string
    readonly userName?: string
    readonly password: string
  }): Promise<ProvenUser>

  /** From proof to session, whatever the proof was. */
  openConsoleSession(proven: ProvenUser, origin: ConsoleOrigin): Promise<SignedIn>

  /**
   * The session that a cookie's secret belongs to; undefined when there is none or it is over.
   * @param isActivity Whether this counts against its idle time. A page that refreshes by itself does not.
   */
  findConsoleSession(secret: string, isActivity: boolean): ConsoleSession | undefined
  /** While it is held a session is not idle. @returns how to let go of it. */
  holdConsoleSession(sessionId: string): () => void
  /** Notes a new proof of its user's password; its old secret ends. */
  renewConsoleSession(sessionId: string, proven: ProvenUser): Promise<SignedIn>
  endConsoleSession(sessionId: string): Promise<void>

  /** Proves the old password first, as `provePassword`. All sessions of the user but `keep` end. */
  changePassword(
    change: PasswordAttempt & {
      readonly newPassword: string
      readonly keep: string | undefined
    },
  ): Promise<void>
}

/**
 * A user who was proven, by whatever means: the port that every way of signing in ends in. An
 * identity provider's proof will be one more `by`.
 */
export interface ProvenUser {
  readonly userId: string
  readonly by: 'password' | 'one_time_link'
}

export interface PasswordAttempt {
  readonly userName: string
  readonly password: string
  /** The peer's, never what a client claims. */
  readonly address: string
}

export type SignInFailure =
  | 'unknown_user'
  | 'disabled_user'
  | 'no_password_yet'
  | 'wrong_password'
  | 'role_without_login'
  | 'throttled'

export interface ConsoleOrigin {
  readonly address: string
  /** How the browser calls itself; claimed, never trusted. */
  readonly tool: string
}

export interface ConsoleSession {
  /** For as long as it lives; no secret. */
  readonly id: string
  readonly principal: UserPrincipal
  /** The proof of the password is fresh until then (milliseconds since 1970). */
  readonly provenUntil: number
  /** Its end when nothing more is done (milliseconds since 1970). */
  readonly expiresAt: number
}

export interface SignedIn {
  readonly session: ConsoleSession
  /** For the cookie alone. */
  readonly secret: string
}

export interface UserInfo {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly roleId: string
  readonly enabled: boolean
  readonly hasPassword: boolean
  readonly createdAt: string
  readonly lastSignInAt: string | undefined
}

/** `setup`: makes the first user. `invitation`: a first password. `reset`: another one. */
export type LinkPurpose = 'setup' | 'invitation' | 'reset'

export interface OneTimeLink {
  readonly purpose: LinkPurpose
  readonly userName: string | undefined
  readonly expiresAt: string | undefined
}

export interface NewLink extends OneTimeLink {
  /** For whom the link is for alone: not kept, never on record. */
  readonly secret: string
}
