/** What `execution` asks of the gate: leave to run a statement, or the reason why not. */
import type { FilePlace } from '../base/gateway-error.ts'
import type { CatalogSnapshot } from '../catalog/catalog-snapshot.ts'
import type { Introspection } from '../engine/engine.ts'
import type { Authority } from '../identity/authority.ts'
import type { Requirement } from '../identity/permission.ts'
import type { Permit, PermittedFiles } from '../identity/permit.ts'
import type { Principal } from '../identity/principal.ts'
import type { LoadStatement } from '../sql/load-statement.ts'
import type { EngineStatement, StatementPlace } from '../sql/statement.ts'

export interface Gate {
  /**
   * Leave to find the record of a file that does not fit, for a statement that `permit` was there for
   * and that failed on it. Gives one row with the number of the record, from 1.
   * @returns undefined where it cannot be found so.
   */
  authorizeSearch(permit: Permit, files: PermittedFiles, place: FilePlace): Permit | undefined

  /**
   * @throws GatewayError when the statement may not run, with its position in `statement.text`
   *         (the caller adds `statement.start`). Nothing is left behind.
   */
  authorize(request: AuthorizationRequest): Promise<Permit>
  /**
   * All that the statement needs, with CONNECT on the session's database. Runs nothing and keeps
   * nothing. @throws GatewayError as `authorize`.
   */
  requirementsOf(request: AuthorizationRequest): Promise<readonly Requirement[]>
  /** How often the answer was known already, and how often not, since the gate was made. */
  readonly cacheCounts: { readonly hits: number; readonly misses: number }

  /** As `authorize`, for a file that the principal uploaded. Whose it is the caller has checked. */
  authorizeLoad(request: LoadAuthorization): Promise<Permit>
}

export interface LoadAuthorization extends Omit<
  AuthorizationRequest,
  'statement' | 'parameterTypes' | 'introspection' | 'roleAuthority'
> {
  readonly load: LoadStatement
}

export interface AuthorizationRequest {
  readonly statement: StatementPlace & EngineStatement
  /** Engine type names by number from 1; undefined where the client left it open. */
  readonly parameterTypes: readonly (string | undefined)[]
  readonly principal: Principal
  readonly authority: Authority
  readonly catalog: CatalogSnapshot
  /** The session's own inside a transaction with its own definitions, else the engine's. */
  readonly introspection: Introspection
  /** The database that one- and two-part names are looked up in. */
  readonly database: string
  readonly searchPath: readonly string[]
  /** The authority of another role, whose views are read; undefined when it does not exist any more. */
  readonly roleAuthority: (roleId: string) => Authority | undefined
}
