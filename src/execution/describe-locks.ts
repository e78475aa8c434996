/**
 * DESCRIBE LOCKS: what writes hold until their transaction ends. SUPERUSER only.
 *
 * Nobody waits for such a lock: the engine lets the first of two writers of a row go on and ends the
 * other one with `40001`. They tell who stands in whose way.
 */
import { principalName } from '../identity/principal.ts'
import type { Permit } from '../identity/permit.ts'
import type { Row } from './answer.ts'
import type { SessionContext } from './execution-context.ts'
import { requireSuperuser } from './require-superuser.ts'
import type { HeldLock } from './statement-record.ts'

/** @throws GatewayError `insufficient_privilege`. */
export function describeLocks({ identity, session, sessions }: SessionContext): Row[] {
  const authority = identity.authority(session.principal.roleId)
  requireSuperuser(authority, 'DESCRIBE LOCKS needs a role with SUPERUSER.')
  return sessions.live.flatMap((live) =>
    live.locks.map(({ object, mode, since, statement }): Row => {
      const { id, principal } = live.session
      return [
        `${id}:${statement.queryId}`,
        principalName(principal),
        null, // whoever is asked is the server
        null,
        object,
        mode,
        BigInt(statement.startedAt.getTime()) * 1_000n,
        BigInt(since.getTime()) * 1_000n,
        statement.text,
      ]
    }),
  )
}

/** What a permitted statement will hold; nothing for a read. */
export function locksOf(
  { action, requires }: Permit,
  statement: HeldLock['statement'],
): readonly HeldLock[] {
  if (action.kind === 'read') return []
  const since = new Date()
  const changed = requires.filter(
    ({ permission, object }) =>
      object.tableId !== undefined && !['SELECT', 'USAGE'].includes(permission),
  )
  const mode = action.kind === 'define' ? 'Exclusive' : 'Inclusive'
  const made =
    action.kind === 'define'
      ? action.registers.map(({ schema, name }) =>
          [action.database, schema, name].filter((part) => part !== undefined).join('$'),
        )
      : []
  const objects = new Set([...changed.map(({ name }) => name.replaceAll('.', '$')), ...made])
  return [...objects].map((object) => ({ object, mode, since, statement }))
}
