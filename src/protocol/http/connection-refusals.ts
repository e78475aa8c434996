/**
 * Why a tool was not let in, in words for the person who is connecting it, with what would fix it.
 *
 * The tool itself is told less: whoever holds no proof learns nothing.
 */
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuthenticationFailure, ClientInfo } from '../../identity/identity.ts'

export interface RefusalWords {
  readonly reason: string
  readonly fix: string
}

/** Refusals that have nothing to do with the token. */
type OtherRefusal =
  | 'plaintext'
  | 'certificate_not_trusted'
  | 'invalid_catalog_name'
  | 'too_many_connections'
  | 'feature_not_supported'

type Words = (client: ClientInfo, record: AuditRecord) => RefusalWords

export function refusalWords(client: ClientInfo, record: AuditRecord): RefusalWords {
  const words = isKnown(record.reason) ? WORDS[record.reason] : undefined
  return words?.(client, record) ?? otherWords(record)
}

const WORDS: Readonly<Record<AuthenticationFailure | OtherRefusal, Words>> = {
  malformed_token: () => ({
    reason: 'What it sent as the password is not an access token.',
    fix: 'Copy the whole access token, from "bluegate_" to its last character, into the password field, without spaces or quotes.',
  }),
  unknown_token: () => ({
    reason: 'It sent an access token that does not exist here.',
    fix: 'Copy the token of this client again: it may belong to another gateway, or to a client that was deleted.',
  }),
  wrong_secret: () => ({
    reason:
      'It sent an access token that is not right: it begins like one of this gateway and ends otherwise.',
    fix: 'Copy the token of this client again, to its last character.',
  }),
  other_client: (client, { username }) => ({
    reason:
      username === client.name
        ? `It sent the user name "${client.name}" with the access token of another client.`
        : `It sent the access token of this client with the user name "${username}".`,
    fix: `The user name and the access token must be of one client: user name "${client.name}", and its token.`,
  }),
  ended_token: () => ({
    reason: 'It sent an access token that was replaced by a newer one.',
    fix: 'Copy the token that this client has now into the tool.',
  }),
  expired_token: () => ({
    reason: 'Its access token has expired.',
    fix: 'Give the client a later expiry, or regenerate its token and copy the new one into the tool.',
  }),
  disabled_client: (client) => ({
    reason: 'The client is disabled.',
    fix: `Enable client "${client.name}".`,
  }),
  role_without_login: (client) => ({
    reason: `Its role "${client.role}" has no LOGIN.`,
    fix: `Give the role LOGIN (GRANT LOGIN TO "${client.role}"), or give the client another role.`,
  }),
  address_not_allowed: (client, { address }) => ({
    reason: `It came from ${address}, which is not among the allowed addresses of the client.`,
    fix: `Add ${address} to the allowed addresses, or connect from one of: ${client.allowedAddresses.join(', ')}.`,
  }),
  throttled: (_, { address }) => ({
    reason: `There were too many failed attempts from ${address}, so its attempts are answered slowly.`,
    fix: 'Put the token right in the tool, and wait a minute before the next attempt.',
  }),
  plaintext: () => ({
    reason: 'It wanted to connect without TLS, and a token may not travel in the open.',
    fix: 'Switch TLS on in the tool: sslmode=verify-full with the CA file of this gateway (or at least sslmode=require).',
  }),
  certificate_not_trusted: () => ({
    reason:
      'A tool ended the TLS handshake because it does not trust the certificate of this gateway. It did not say which client it is.',
    fix: 'Give the tool the CA file of this gateway, and connect to the host name that is in the certificate.',
  }),
  invalid_catalog_name: (client, { details }) => ({
    reason: `It asked for a database that is not there, or that role "${client.role}" may not enter${details === undefined ? '' : ` (${details})`}.`,
    fix: `Connect to database "master", or give the role CONNECT: GRANT CONNECT ON DATABASE … TO "${client.role}".`,
  }),
  too_many_connections: () => ({
    reason: 'The gateway has as many sessions as it serves.',
    fix: 'End idle sessions, or raise limits.sessionsMax.',
  }),
  feature_not_supported: (_, { error = '' }) => ({
    reason: `It asked for something that this gateway does not do: ${withoutKind(error)}.`,
    fix: 'Use a driver of PostgreSQL in its usual mode (no replication connection).',
  }),
}

function isKnown(reason: string | undefined): reason is keyof typeof WORDS {
  return reason !== undefined && Object.hasOwn(WORDS, reason)
}

function otherWords({ error = 'for a reason that is not on record' }: AuditRecord): RefusalWords {
  return {
    reason: `It was refused: ${withoutKind(error)}.`,
    fix: 'Look at the audit and at the log of the gateway.',
  }
}

/** Without the machine's word before the text. */
function withoutKind(error: string): string {
  return error.replace(/^[a-z_]+: /, '')
}
