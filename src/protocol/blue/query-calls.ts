/**
 * QueryHandlerService: the life of statements, by their ids.
 *
 * An id opens nothing by itself: the session must have been opened with the bearer of the call. Only
 * Cancel comes without one; there the connection must have shown it before, because the id of a
 * statement stands in the audit, where others read it.
 */
import { GatewayError } from '../../base/gateway-error.ts'
import { unknownId } from './blue-calls.ts'
import type { CallOrigin } from './blue-calls.ts'
import type { BlueDoorParts } from './blue-door-parts.ts'
import { blueError } from './blue-error.ts'
import type { BlueLogin } from './blue-logins.ts'
import type { BlueSession } from './blue-session.ts'
import type { BlueStatement } from './blue-statement.ts'
import { EXECUTION_STATUS } from './messages.ts'
import type {
  CancelResponse,
  CloseRequest,
  CloseResponse,
  CompileRequest,
  CompileResponse,
  ExecuteResponse,
  FetchResponse,
  StatementRequest,
  StatusResponse,
} from './messages.ts'
import { requireLogin } from './require-login.ts'

export function queryCalls(parts: BlueDoorParts) {
  async function compile(request: CompileRequest, origin: CallOrigin): Promise<CompileResponse> {
    const login = requireLogin(parts, origin)
    const session = login.sessions.get(request.contextId)
    if (!session) throw unknownId('session')
    session.touch()
    const over = whyOver(parts, login, session)
    if (over) return { contextId: '', error: blueError(over) }
    return await session.compile(request)
  }

  async function execute(
    { contextId }: StatementRequest,
    origin: CallOrigin,
  ): Promise<ExecuteResponse> {
    const { statement, over } = findStatement(parts, contextId, origin)
    if (over) return { contextId, error: blueError(over) }
    statement.execute()
    return await Promise.resolve({ contextId })
  }

  async function status(request: StatementRequest, origin: CallOrigin): Promise<StatusResponse> {
    const { statement, over } = findStatement(parts, request.contextId, origin)
    if (over) return { status: EXECUTION_STATUS.ABORTED, error: blueError(over) }
    return await statement.status()
  }

  async function fetch(request: StatementRequest, origin: CallOrigin): Promise<FetchResponse> {
    const { statement, over } = findStatement(parts, request.contextId, origin)
    if (over) return { error: blueError(over) }
    return await statement.fetch()
  }

  async function closeStatement(
    { closeRequest }: CloseRequest,
    origin: CallOrigin,
  ): Promise<CloseResponse> {
    const found = statementOf(parts, closeRequest?.contextId ?? '', origin)
    const closed = found ? await found.session.closeStatement(found.queryId) : false
    return { closeResponse: { closed } }
  }

  async function closeSession(
    { closeRequest }: CloseRequest,
    { bearer }: CallOrigin,
  ): Promise<CloseResponse> {
    const login = bearer === undefined ? undefined : parts.logins.find(bearer)
    const session = login?.sessions.get(closeRequest?.contextId ?? '')
    if (!login || !session) return { closeResponse: { closed: false } }
    parts.logins.forgetSession(login, session)
    await session.close('the client closed it')
    return { closeResponse: { closed: true } }
  }

  /** Without a bearer. What runs no more, and what nobody knows, is answered alike. */
  async function cancel(
    { contextId }: StatementRequest,
    { key }: CallOrigin,
  ): Promise<CancelResponse> {
    const { sessionId, queryId } = partsOf(contextId)
    const login = [...parts.connections.loginsOf(key)].find(({ sessions }) =>
      sessions.has(sessionId),
    )
    const statement = login?.sessions.get(sessionId)?.find(queryId)
    const canceled = statement?.isRunning === true
    if (canceled) statement.stop(cancelledByClient())
    return await Promise.resolve({ canceled })
  }

  return {
    Compile: compile,
    Execute: execute,
    Status: status,
    Fetch: fetch,
    CloseStatement: closeStatement,
    CloseSession: closeSession,
    Cancel: cancel,
  }
}

/**
 * @returns the statement, or `over`: why its session may not go on.
 * @throws CallRefused for an id that the caller's login did not get.
 */
function findStatement(
  parts: BlueDoorParts,
  id: string,
  origin: CallOrigin,
): { readonly statement: BlueStatement; readonly over: GatewayError | undefined } {
  const login = requireLogin(parts, origin)
  const { sessionId, queryId } = partsOf(id)
  const session = login.sessions.get(sessionId)
  const statement = session?.find(queryId)
  if (!session || !statement) throw unknownId('statement')
  session.touch()
  return { statement, over: whyOver(parts, login, session) }
}

function statementOf(
  { logins }: BlueDoorParts,
  id: string,
  { bearer }: CallOrigin,
): { readonly session: BlueSession; readonly queryId: number } | undefined {
  const { sessionId, queryId } = partsOf(id)
  const session = bearer === undefined ? undefined : logins.find(bearer)?.sessions.get(sessionId)
  session?.touch()
  return session && { session, queryId }
}

/** Cut off, or ended by an administrator. */
function whyOver(
  { ports }: BlueDoorParts,
  { principal }: BlueLogin,
  { endReason }: BlueSession,
): GatewayError | undefined {
  return endReason ?? ports.identity.cutOff(principal)
}

function partsOf(id: string): { readonly sessionId: string; readonly queryId: number } {
  const colon = id.lastIndexOf(':')
  return { sessionId: id.slice(0, colon), queryId: Number(id.slice(colon + 1)) }
}

function cancelledByClient(): GatewayError {
  return new GatewayError('cancelled', 'canceling statement due to user request')
}
