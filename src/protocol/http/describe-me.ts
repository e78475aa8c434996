/** Who the caller is and what that gives, as the API tells it. */
import type { Static } from 'typebox'
import type { Identity } from '../../identity/identity.ts'
import { principalName } from '../../identity/principal.ts'
import type { Principal } from '../../identity/principal.ts'
import type { ConsoleSession } from '../../identity/users.ts'
import type { ME } from './schemas/user-schemas.ts'

export type Me = Static<typeof ME.schema>

export function describeMe(
  identity: Pick<Identity, 'authority'>,
  {
    principal,
    consoleSession,
  }: {
    readonly principal: Principal
    readonly consoleSession?: ConsoleSession | undefined
  },
): Me {
  const { roleName, superuser, clusterAdmin } = identity.authority(principal.roleId)
  return {
    kind: principal.kind,
    name: principalName(principal),
    role: roleName,
    superuser,
    clusterAdmin,
    ...(consoleSession && timesOf(consoleSession)),
  }
}

function timesOf({ provenUntil, expiresAt }: ConsoleSession): Partial<Me> {
  return {
    ...(provenUntil > Date.now() && { provenUntil: new Date(provenUntil).toISOString() }),
    expiresAt: new Date(expiresAt).toISOString(),
  }
}
