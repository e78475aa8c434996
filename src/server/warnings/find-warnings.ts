/**
 * What an administrator should know and do: derived anew each time from how things stand, so that a
 * warning goes away by itself when its reason does.
 */
import type { EndingToken } from '../../identity/identity.ts'
import type { Warning } from '../../protocol/http/operations-port.ts'

const DAY_MS = 86_400_000
const TOKEN_SOON_MS = 14 * DAY_MS
const TOKEN_VERY_SOON_MS = 3 * DAY_MS
/** Our own server certificate is renewed 30 days before its end: one that is nearer was not. */
const CERTIFICATE_SOON_MS = 21 * DAY_MS
/** So many of one kind; the rest are told as a number. */
const TOKENS_SHOWN_MAX = 50

export interface WarningSources {
  readonly now: number
  readonly startedAt: string
  readonly tokens: readonly EndingToken[]
  /** When each ends; milliseconds since 1970. */
  readonly certificates: readonly { readonly what: string; readonly endsAt: number }[]
  readonly disk: { readonly freeBytes: number; readonly keepFreeBytes: number }
  /** What the last proof of the audit found; undefined when it was whole, or not yet proven. */
  readonly auditProblem: { readonly text: string; readonly since: string } | undefined
  /** Undefined where people are not known of yet. */
  readonly users: number | undefined
  readonly lastBackupAt: string | undefined
}

/** Worst first. */
export function findWarnings(sources: WarningSources): Warning[] {
  return [
    ...auditWarnings(sources),
    ...diskWarnings(sources),
    ...certificateWarnings(sources),
    ...tokenWarnings(sources),
    ...untouchedWarnings(sources),
  ].toSorted((a, b) => SEVERITY[a.severity] - SEVERITY[b.severity])
}

const SEVERITY = { critical: 0, warning: 1, info: 2 } as const

function auditWarnings({ auditProblem }: WarningSources): Warning[] {
  if (!auditProblem) return []
  const { text, since } = auditProblem
  const fix = 'Keep the files of the audit as they are, and find out who could write to them.'
  return [{ kind: 'audit_unproven', severity: 'critical', text, fix, since }]
}

function diskWarnings({ disk, now }: WarningSources): Warning[] {
  const { freeBytes, keepFreeBytes } = disk
  if (freeBytes >= 4 * keepFreeBytes) return []
  const isFull = freeBytes < keepFreeBytes
  const mib = Math.floor(freeBytes / 1024 ** 2)
  return [
    {
      kind: 'disk_low',
      severity: isFull ? 'critical' : 'warning',
      text: isFull
        ? `The disk of the data directory is full (${mib} MiB left): nothing can be changed.`
        : `The disk of the data directory has ${mib} MiB left.`,
      fix: 'Make room on it. With less than disk.keepFree only reading goes on.',
      since: iso(now),
    },
  ]
}

function certificateWarnings({ certificates, now }: WarningSources): Warning[] {
  return certificates
    .filter(({ endsAt }) => endsAt - now < CERTIFICATE_SOON_MS)
    .map(({ what, endsAt }) => ({
      kind: 'certificate_expiring',
      severity: endsAt - now < TOKEN_VERY_SOON_MS ? 'critical' : 'warning',
      text:
        endsAt <= now ? `${what} expired on ${day(endsAt)}.` : `${what} expires on ${day(endsAt)}.`,
      fix: 'Put a new certificate and key in place; they are read without a restart.',
      since: iso(endsAt - CERTIFICATE_SOON_MS),
    }))
}

function tokenWarnings({ tokens, now }: WarningSources): Warning[] {
  const ending = tokens
    .filter(({ endsAt }) => endsAt - now < TOKEN_SOON_MS)
    .toSorted((a, b) => a.endsAt - b.endsAt)
  const shown = ending.slice(0, TOKENS_SHOWN_MAX)
  const rest = ending.length - shown.length
  return [
    ...shown.map((token) => tokenWarning(token, now)),
    ...(rest > 0 ? [moreTokens(rest, now)] : []),
  ]
}

function tokenWarning({ clientName, endsAt }: EndingToken, now: number): Warning {
  const hasEnded = endsAt <= now
  return {
    kind: hasEnded ? 'token_expired' : 'token_expiring',
    severity: hasEnded || endsAt - now < TOKEN_VERY_SOON_MS ? 'warning' : 'info',
    text: hasEnded
      ? `The access token of ${clientName} expired on ${day(endsAt)}: it cannot connect.`
      : `The access token of ${clientName} expires on ${day(endsAt)}.`,
    fix: `Regenerate it, and copy the new one into the tool: bluegate client regenerate ${clientName}`,
    since: iso(hasEnded ? endsAt : endsAt - TOKEN_SOON_MS),
    client: clientName,
  }
}

function moreTokens(count: number, now: number): Warning {
  return {
    kind: 'token_expiring',
    severity: 'info',
    text: `The access tokens of ${count} more clients have expired, or expire within 14 days.`,
    fix: 'Deal with the ones above first, or list all: bluegate client list',
    since: iso(now),
  }
}

/** What was never done since the installation. */
function untouchedWarnings({ users, lastBackupAt, startedAt }: WarningSources): Warning[] {
  const warnings: Warning[] = []
  if (users === 0) {
    warnings.push({
      kind: 'no_user',
      severity: 'info',
      text: 'Nobody can sign in to the console yet.',
      fix: 'Open the one-time link that the gateway printed when it started, or run: bluegate setup',
      since: startedAt,
    })
  }
  if (lastBackupAt === undefined) {
    warnings.push({
      kind: 'no_backup',
      severity: 'info',
      text: 'No backup was ever taken.',
      fix: 'Run: bluegate backup FILE, and back up the secrets directory as well.',
      since: startedAt,
    })
  }
  return warnings
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

function day(time: number): string {
  return iso(time).slice(0, 10)
}
