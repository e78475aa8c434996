/** A session as the API shows it. */
import type { LiveSession } from '../../execution/live-session.ts'
import type { StatementRecord } from '../../execution/statement-record.ts'
import type { Identity } from '../../identity/identity.ts'
import { principalName } from '../../identity/principal.ts'

/** A list of sessions is for looking at; the audit has every statement whole. */
const TEXT_LENGTH_MAX = 2_000

export function sessionView(identity: Pick<Identity, 'authority'>, live: LiveSession) {
  const { session, busy, statements } = live
  const { id, principal, origin, settings, database, startedAt, transactionStatus } = session
  const { door, address, tool, tlsVersion } = origin
  return {
    id,
    principalKind: principal.kind,
    name: principalName(principal),
    role: identity.authority(principal.roleId).roleName,
    door,
    address,
    tool: settings.applicationName || tool,
    ...(tlsVersion !== undefined && { tlsVersion }),
    database,
    startedAt: startedAt.toISOString(),
    busy,
    transactionStatus,
    statements: statements.map(statementView),
  }
}

function statementView({ queryId, status, text, startedAt, rows, pool }: StatementRecord) {
  const shown = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text
  return {
    queryId,
    status,
    text: shown,
    startedAt: startedAt.toISOString(),
    rows,
    ...(pool !== undefined && { pool }),
  }
}
