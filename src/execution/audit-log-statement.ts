/** AUDITLOG: the audit as a result, with BLUE's columns and filters. SUPERUSER only. */
import { AUDIT_LOG_COLUMNS, auditFilterOf, auditLogRow } from '../audit/blue-audit-log-rows.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { AuditLogStatement } from '../sql/statement.ts'
import { answer } from './answer.ts'
import type { Row } from './answer.ts'
import type { SessionContext } from './execution-context.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'
import { requireSuperuser } from './require-superuser.ts'

/** Rows a frame. */
const BATCH_ROWS = 500

export const AUDIT_LOG_SCHEMA: Schema = AUDIT_LOG_COLUMNS.map((name) => ({
  name,
  type: { kind: 'varchar' },
}))

export function runAuditLogStatement(
  context: SessionContext,
  statement: AuditLogStatement,
  options: StatementOptions,
): RunningStatement {
  const { identity, session, audit } = context
  const authority = identity.authority(session.principal.roleId)
  requireSuperuser(authority, 'AUDITLOG needs a role with SUPERUSER.')
  const { kind: _, ...filters } = statement
  const records = audit.search(auditFilterOf(filters))
  return answer(AUDIT_LOG_SCHEMA, batched(records), 'SELECT', options.format, options.rowsMax)

  async function* batched(found: typeof records): AsyncGenerator<readonly Row[]> {
    let rows: Row[] = []
    for await (const record of found) {
      rows.push(auditLogRow(record))
      if (rows.length < BATCH_ROWS) continue
      yield rows
      rows = []
    }
    if (rows.length > 0) yield rows
  }
}
