/**
 * What comes in as one client, as the audit has it: connected, or refused and why.
 *
 * A refused attempt belongs to the client that it named, and to the one whose token it sent. One
 * that did not get so far (it did not trust the certificate) belongs to nobody and is told to all.
 */
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { ClientInfo, Identity } from '../../identity/identity.ts'
import { refusalWords } from './connection-refusals.ts'

export type ConnectionEvent =
  | {
      readonly kind: 'connected'
      readonly at: string
      readonly address: string
      readonly tool: string
      readonly door: string
      readonly tlsVersion?: string
    }
  | {
      readonly kind: 'refused'
      readonly at: string
      readonly address: string
      readonly tool: string
      readonly door: string
      readonly reason: string
      readonly fix: string
      /** False for an attempt that did not say which client it is. */
      readonly attributed: boolean
    }

/** @returns undefined for what has nothing to do with the client. */
export function connectionEvent(
  identity: Pick<Identity, 'clientOfToken'>,
  client: ClientInfo,
  record: AuditRecord,
): ConnectionEvent | undefined {
  const { action, time: at, address, door, clientVersion: tool = 'unknown', tlsVersion } = record
  const origin = { at, address, tool, door }
  if (action === 'login') {
    if (record.clientId !== client.id) return undefined
    return { kind: 'connected', ...origin, ...(tlsVersion !== undefined && { tlsVersion }) }
  }
  if (action !== 'login_refused') return undefined
  const attributed = belongsTo(identity, client, record)
  if (!attributed && record.reason !== 'certificate_not_trusted') return undefined
  return { kind: 'refused', ...origin, ...refusalWords(client, record), attributed }
}

function belongsTo(
  identity: Pick<Identity, 'clientOfToken'>,
  client: ClientInfo,
  { username, tokenId }: AuditRecord,
): boolean {
  if (username.toLowerCase() === client.name) return true
  return tokenId !== undefined && identity.clientOfToken(tokenId)?.id === client.id
}
