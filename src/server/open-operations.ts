/** What operators ask of a running gateway: backup, keys, health, figures, warnings. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AuditLog, AuditVerification } from '../audit/audit-log.ts'
import type { Log } from '../base/log.ts'
import type { Engine } from '../engine/engine.ts'
import type { Gate } from '../gate/gate.ts'
import type { EndingToken } from '../identity/identity.ts'
import type { OperationsPort } from '../protocol/http/operations-port.ts'
import type { Session } from '../session/session.ts'
import { readLastBackup } from './backup/last-backup.ts'
import { takeBackup } from './backup/take-backup.ts'
import type { ServerTls } from './certificates/server-tls.ts'
import type { Config } from './config/config-keys.ts'
import type { DataLayout } from './data-layout.ts'
import { openMetrics } from './metrics/open-metrics.ts'
import { processMemory } from './metrics/process-memory.ts'
import { watchedAudit } from './metrics/watched-audit.ts'
import type { Stores } from './open-stores.ts'
import { readiness } from './readiness.ts'
import { keyRotation } from './rotate-keys.ts'
import type { StartedParts } from './started-parts.ts'
import { findWarnings } from './warnings/find-warnings.ts'
import type { WarningSources } from './warnings/find-warnings.ts'
import { ExpiryWarner } from './warnings/warn-of-expiry.ts'
import type { Ending } from './warnings/warn-of-expiry.ts'

const DAY_MS = 86_400_000
/** The whole audit is proven once a day, for the first time when a start has calmed down. */
const FIRST_PROOF_MS = 600_000

export interface OperationsParts {
  readonly version: string
  readonly startedAt: string
  readonly config: Config
  readonly layout: DataLayout
  readonly stores: Stores
  readonly tls: ServerTls
  readonly log: Log
}

/** What comes to be later in a start than the first of what is observed. */
export interface OperationsSources {
  readonly engine: Engine
  readonly gate: Gate
  readonly sessions: { readonly sessions: readonly Session[] }
  readonly poolLoad: () => { readonly running: number; readonly waiting: number }
  readonly phase: () => 'starting' | 'serving' | 'stopping'
}

export interface Operations {
  /** For all who record: what passes is counted. */
  readonly audit: AuditLog
  open(sources: OperationsSources): OperationsPort
}

export function prepareOperations(request: OperationsParts, parts: StartedParts): Operations {
  const { stores, config, log } = request
  let auditProblem: WarningSources['auditProblem']
  let sources: OperationsSources | undefined
  const metrics = openMetrics({
    sessionDoors: () => sources?.sessions.sessions.map(({ origin }) => origin.door) ?? [],
    poolLoad: () => sources?.poolLoad() ?? { running: 0, waiting: 0 },
    engineStarts: () => sources?.engine.generation ?? 1,
    hostMemory: () => processMemory(sources?.engine.hostPid),
    gateCache: () => sources?.gate.cacheCounts ?? { hits: 0, misses: 0 },
    lastAuditRecord: () => stores.audit.lastRecord,
    expiringTokens: (days) => countExpiring(stores.identity.endingTokens(), days),
    diskFree: () => stores.room.freeBytes,
  })
  parts.add('metrics', () => metrics.stop())
  const audit = watchedAudit(stores.audit, {
    observe: (event) => metrics.observe(event),
    verified: (found) => (auditProblem = problemOf(found)),
  })
  const warningSources = async (): Promise<WarningSources> => ({
    now: Date.now(),
    startedAt: request.startedAt,
    tokens: stores.identity.endingTokens(),
    certificates: await certificatesOf(request.tls),
    disk: { freeBytes: stores.room.freeBytes, keepFreeBytes: config['disk.keepFree'] },
    auditProblem,
    users: stores.identity.listUsers().length,
    lastBackupAt: (await readLastBackup(request.layout))?.takenAt,
  })
  return {
    audit,
    open(later) {
      sources = later
      parts.add('proofs of the audit', proveDaily(audit, log))
      const warner = new ExpiryWarner(() => endingsOf(request), log)
      parts.add('warnings of expiry', () => warner.stop())
      return {
        backups: {
          take: (file, onProgress, signal) => {
            const backupParts = { ...request, ...stores, ...later, dataDir: config.dataDir }
            return takeBackup(backupParts, file, onProgress, signal)
          },
        },
        rotateKeys: keyRotation(config.secretsDir, stores.keys, stores.identity),
        unreadiness: readiness({
          phase: later.phase,
          engineIsUp: () => later.engine.isUp,
          probeMetadata: () => stores.metadata.probe(),
          auditIsBroken: () => refusalIs(stores.audit, 'broken'),
          diskIsFull: () => refusalIs(stores.audit, 'full'),
        }),
        metrics: () => metrics.read(),
        warnings: async () => findWarnings(await warningSources()),
      }
    },
  }
}

function refusalIs({ refusal }: Pick<AuditLog, 'refusal'>, what: 'broken' | 'full'): boolean {
  return refusal !== undefined && (refusal.kind === 'disk_full') === (what === 'full')
}

function countExpiring(tokens: readonly EndingToken[], days: number): number {
  const now = Date.now()
  return tokens.filter(({ endsAt }) => endsAt > now && endsAt - now <= days * DAY_MS).length
}

function problemOf(found: AuditVerification): WarningSources['auditProblem'] {
  if (found.ok) return undefined
  const { segment, line, problem } = found
  const text = `The audit cannot be proven: ${problem} (${segment}, line ${line}).`
  return { text, since: new Date().toISOString() }
}

/** @returns the function that ends it. */
function proveDaily(audit: AuditLog, log: Log): () => void {
  const prove = (): void => {
    audit.verify().then(
      (found) => {
        if (!found.ok) log.error({ ...found }, 'the audit cannot be proven')
      },
      (error: unknown) => log.warn({ error }, 'the audit could not be read to be proven'),
    )
    timer = setTimeout(prove, DAY_MS).unref()
  }
  let timer = setTimeout(prove, FIRST_PROOF_MS).unref()
  return () => clearTimeout(timer)
}

/** The server's, and that of the CA where we know it. */
async function certificatesOf(tls: ServerTls): Promise<WarningSources['certificates']> {
  const found = [serverCertificate(tls)]
  const { caFile } = tls
  if (caFile === undefined) return found
  const ca = await readFile(caFile, 'utf8').catch(() => undefined)
  if (ca === undefined) return found
  return [...found, { what: 'The certificate of the CA', endsAt: endOf(ca) }]
}

function serverCertificate(tls: ServerTls): WarningSources['certificates'][number] {
  return { what: "The server's certificate", endsAt: endOf(String(tls.certificate().cert)) }
}

/** Of the first certificate in a PEM text. */
function endOf(pem: string): number {
  return Date.parse(new X509Certificate(pem).validTo)
}

function endingsOf({ stores, tls }: OperationsParts): Ending[] {
  const tokens = stores.identity.endingTokens().map(({ id, clientName, endsAt }): Ending => {
    const fix = `bluegate client regenerate ${clientName}`
    return { id, what: `the access token of "${clientName}"`, endsAt, fix }
  })
  const { what, endsAt } = serverCertificate(tls)
  const fix = 'put a new certificate and key in place'
  return [...tokens, { id: `certificate ${endsAt}`, what, endsAt, fix }]
}
