/** Execution as the server builds it: sessions are opened here and ended here. */
import { randomUUID } from 'node:crypto'
import { toGatewayError } from '../base/gateway-error.ts'
import type { Principal } from '../identity/principal.ts'
import { Session } from '../session/session.ts'
import type { SessionOrigin } from '../session/session.ts'
import type { SessionSettings } from '../session/session-settings.ts'
import { Admission } from './admission/admission.ts'
import type { PoolLoad } from './admission/admission.ts'
import { Budgets } from './admission/budgets.ts'
import { LimitError } from './admission/limit-error.ts'
import { SessionPlaces } from './admission/session-places.ts'
import { connectableDatabase } from './connectable-database.ts'
import type { ExecutionContext } from './execution-context.ts'
import type { Executor, ParallelSession } from './executor.ts'
import { roleNameOf } from './role-name-of.ts'
import { SessionExecutor } from './session-executor.ts'
import { SessionLanes } from './session-lanes.ts'
import { SessionDefinitions } from './session-definitions.ts'
import { SessionHistory } from './session-history.ts'
import { SessionRegistry } from './session-registry.ts'
import { sessionFields } from './statement-account.ts'
import { Transaction } from './transaction.ts'

export interface Execution {
  /**
   * Opens a session for a principal that was authenticated, and records the login.
   * @throws GatewayError `invalid_catalog_name`, `insufficient_privilege` (no CONNECT),
   *         `undefined_object` (no such pool),
   *         `too_many_connections`. Nothing is left open then.
   */
  openExecutor(request: SessionRequest): Promise<Executor>
  /** As `openExecutor`, for a door that runs several statements of a session at the same time. */
  openParallel(request: SessionRequest): Promise<ParallelSession>
  readonly sessions: SessionRegistry
  /** Who runs and waits: in one pool, or in all together. */
  poolLoad(poolId?: string): PoolLoad
}

export interface SessionRequest {
  readonly principal: Principal
  readonly database: string
  readonly origin: SessionOrigin
  readonly settings: SessionSettings
}

export function openExecution(
  context: ExecutionContext,
  limits: { sessionsMax: number; engineWorkers: number },
): Execution {
  const sessions = new SessionRegistry(context.identity, limits.sessionsMax)
  const { engineWorkers } = limits
  const history = new SessionHistory()
  const admission = new Admission(context.identity)
  const budgets = new Budgets(context.identity, Date.now)

  async function openExecutor(request: SessionRequest): Promise<Executor> {
    const { lane } = await open(request)
    return lane
  }

  async function openParallel(request: SessionRequest): Promise<ParallelSession> {
    const { lanes, lane } = await open(request)
    return {
      session: lanes.session,
      firstLane: lane,
      openLane: () => lanes.openLane(),
      close: (reason) => lanes.close(reason),
    }
  }

  /** A session with its first lane. */
  async function open(request: SessionRequest): Promise<{ lanes: SessionLanes; lane: Executor }> {
    const { roleId } = request.principal
    const { database, schema } = await connectableDatabase(context, roleId, request.database)
    request.settings.startIn(database, schema)
    const session = new Session({ ...request, id: randomUUID(), startedAt: new Date() })
    const places = new SessionPlaces(admission)
    const lanes = new SessionLanes({
      ...context,
      session,
      openLane: (opened) => openLane(session, places, opened),
      onClosed: () => {
        sessions.remove(session.id)
        history.closed(session)
      },
    })
    const lane = await lanes.openLane()
    try {
      admission.poolOf(session) // a wrong name is told at once
      budgets.checkNewSession(session.principal, openSessionsOf(session.principal))
      sessions.add(lanes)
      history.opened(session, roleNameOf(context.identity, session.principal.roleId))
      await recordLogin(context, session)
      const cutOff = context.identity.cutOff(session.principal) // while the session was opened
      if (cutOff) {
        session.end(cutOff)
        throw cutOff
      }
      return { lanes, lane }
    } catch (thrown) {
      sessions.remove(session.id)
      await lane.leave()
      const roleName = roleNameOf(context.identity, session.principal.roleId)
      history.rejected(session, roleName, toGatewayError(thrown).message)
      if (thrown instanceof LimitError) await recordRefusal(context, session, thrown)
      throw thrown
    }
  }

  async function openLane(
    session: Session,
    places: SessionPlaces,
    lanes: SessionLanes,
  ): Promise<SessionExecutor> {
    const engineSession = await context.engine.openSession()
    return new SessionExecutor(
      {
        ...context,
        admission,
        budgets,
        sessions,
        history,
        engineWorkers,
        session,
        engineSession,
        transaction: new Transaction(session, engineSession, context.identity),
        definitions: new SessionDefinitions(context, engineSession),
      },
      {
        places,
        statementChanged: () => sessions.changed.emit('statement'),
        closeSession: (reason) => lanes.close(reason),
      },
    )
  }

  function openSessionsOf(principal: Principal): number {
    return principal.kind === 'client' ? sessions.ofClient(principal.clientId).length : 0
  }

  return {
    openExecutor,
    openParallel,
    sessions,
    poolLoad: (poolId) => (poolId === undefined ? admission.load : admission.loadOf(poolId)),
  }
}

/** The doors of drivers have refused logins on record themselves, whatever refuses them. */
async function recordRefusal(
  context: ExecutionContext,
  session: Session,
  { kind, message, limit }: LimitError,
): Promise<void> {
  if (session.origin.door === 'postgres' || session.origin.door === 'grpc') return
  await context.audit.append(
    {
      ...sessionFields(session, roleNameOf(context.identity, session.principal.roleId)),
      category: 'SESSION',
      action: 'login_refused',
      outcome: 'refused',
      error: `${kind}: ${message}`,
      reason: kind,
      limit,
      startedAt: session.startedAt.toISOString(),
    },
    'written',
  )
}

async function recordLogin(context: ExecutionContext, session: Session): Promise<void> {
  const { tlsVersion, tool, claimedAddress } = session.origin
  const claim = claimedAddress === undefined ? undefined : `claims the address ${claimedAddress}`
  await context.audit.append(
    {
      ...sessionFields(session, roleNameOf(context.identity, session.principal.roleId)),
      category: 'SESSION',
      action: 'login',
      outcome: 'succeeded',
      ...(tlsVersion !== undefined && { tlsVersion }),
      details: [tool, tlsVersion, claim].filter((part) => part !== undefined).join(', '),
      startedAt: session.startedAt.toISOString(),
    },
    'written',
  )
}
