/** A client as the API shows it: with its open sessions, and the etag of what lasts. */
import type { ClientInfo, TokenInfo } from '../../identity/identity.ts'
import type { ApiParts } from './api-parts.ts'
import { etagOf } from './etag.ts'

export interface ClientView extends ClientInfo {
  readonly openSessions: number
  readonly etag: string
}

export function clientView(
  { execution }: Pick<ApiParts, 'execution'>,
  info: ClientInfo,
): ClientView {
  return {
    ...info,
    openSessions: execution.sessions.ofClient(info.id).length,
    etag: clientEtag(info),
  }
}

export function clientEtag(info: ClientInfo): string {
  const { id, name, label, roleId, enabled, jobs, allowedAddresses, token, previousToken } = info
  const { limits } = info
  return etagOf([
    id,
    name,
    label ?? null,
    roleId,
    enabled,
    jobs,
    allowedAddresses,
    Object.entries(limits), // always in one order
    lasting(token),
    previousToken ? lasting(previousToken) : null,
  ])
}

function lasting({ id, expiresAt }: TokenInfo): unknown {
  return [id, expiresAt ?? null]
}
