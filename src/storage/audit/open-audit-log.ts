/**
 * The audit on disk: one segment file a day, one writer, a reading thread, an anchor.
 *
 * Obeys the design, decisions 3, 9 and 13, and the security design, section 7.
 */
import type { KeyObject } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../base/log.ts'
import type { AuditEvent } from '../../audit/audit-event.ts'
import type { AuditLog } from '../../audit/audit-log.ts'
import { AnchorFile, readAnchor } from './audit-anchor.ts'
import type { AuditAnchor } from './audit-anchor.ts'
import { AuditChain } from './audit-chain.ts'
import { noRoom } from './audit-failure.ts'
import { AuditReader } from './audit-reader.ts'
import { AuditReserve } from './audit-reserve.ts'
import type { ReserveSettings } from './audit-reserve.ts'
import { dayOf, listSegments, segmentName, segmentPath } from './audit-segments.ts'
import { AuditWriter } from './audit-writer.ts'
import type { AuditCounts, AuditEnd } from './audit-writer.ts'
import { recoverTail } from './recover-tail.ts'
import { oldestSegment, segmentsToDelete } from './retention.ts'
import { SegmentFiles } from './segment-files.ts'
import { whereToGoOn } from './where-to-go-on.ts'

const RETENTION_DAYS = 365

export interface OpenAuditLog extends AuditLog {
  /** What was recorded since the opening. */
  readonly counts: AuditCounts
  readonly lastRecord: number
  /**
   * Nothing is appended until `work` is over: it gets the log as it stands. For moments only, every
   * statement waits.
   */
  hold<T>(work: (log: HeldLog) => Promise<T>): Promise<T>
  /**
   * Deletes the segments whose last day is more than `days` ago, as happens by itself at the
   * opening and at each new day.
   */
  applyRetention(days?: number): Promise<{ deleted: readonly string[] }>
}

/** The log at one instant. */
export interface HeldLog {
  readonly anchor: AuditAnchor
  /** Of each segment so many bytes. Oldest first. */
  readonly segments: readonly {
    readonly name: string
    readonly path: string
    readonly size: number
  }[]
}

export interface AuditLogParts {
  /** Made where it is missing, for its owner alone. */
  readonly directory: string
  /** For the chain alone, and the same for ever: `KeyRing.key('audit chain', 1)`. */
  readonly key: KeyObject
  /** Where the anchor is kept; in `directory` by default, better elsewhere. */
  readonly anchorFile?: string
  /** Whole days to keep; a year by default. */
  readonly retentionDays?: number
  /** Kept free on the disk, to be given up when it is full; none where it is left out. */
  readonly reserve?: ReserveSettings
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly log: Log
}

/** @throws GatewayError when the log that is there was written with another key. */
export async function openAuditLog(parts: AuditLogParts): Promise<OpenAuditLog> {
  const { directory, key, clock, log } = parts
  const anchorFile = parts.anchorFile ?? join(directory, 'anchor.json')
  const retentionDays = parts.retentionDays ?? RETENTION_DAYS
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const chain = new AuditChain(key)
  const { tail, losses, anchor, files, segment } = await goOn(directory, anchorFile, chain, clock())
  const reserve = parts.reserve && (await openReserve(parts.reserve, log, () => writer))
  const writer: AuditWriter = new AuditWriter({
    chain,
    segment,
    head: segment.head,
    lastTime: tail.lastTime,
    nextSegment: async (day, head) => {
      const next = await files.create(day, head)
      void applyRetention(retentionDays).catch((error: unknown) =>
        log.warn({ error }, 'old audit segments could not be deleted'),
      )
      return next
    },
    settled: (head) => anchor.update({ head }),
    makeRoom: async () => (await reserve?.release()) ?? false,
    clock,
    log,
  })
  const reader = new AuditReader({ directory, anchorFile, key })

  async function applyRetention(days: number): Promise<{ deleted: readonly string[] }> {
    const { deleted, oldest } = segmentsToDelete(directory, clock(), days)
    if (!oldest) return { deleted: [] }
    await writer.settle() // or the anchor might name a record that goes
    // first: a segment that it still names must exist; those before it belong to a chain whose key is lost
    if (oldest.segment > anchor.current.oldest.segment) await anchor.update({ oldest })
    for (const name of deleted) await rm(segmentPath(directory, name), { force: true })
    await writer.append(systemEvent('audit_retention', deleted.join(', '), clock()), 'flushed')
    return { deleted }
  }

  for (const repair of [...tail.repairs, ...losses]) {
    log.warn({ repair }, 'the audit was repaired at the start')
    await writer.append(systemEvent('audit_repaired', repair, clock()), 'flushed')
  }
  await applyRetention(retentionDays)
  return {
    get counts() {
      return writer.counts
    },
    appended: writer.appended,
    get lastRecord() {
      return writer.lastRecord
    },
    get refusal() {
      return writer.broken ?? (reserve?.isLow === true ? noRoom() : undefined)
    },
    hold: (work) => writer.hold((end) => work(heldLog(directory, anchor, end))),
    append: (event, durability) => writer.append(event, durability),
    search: (filter) => reader.search(filter),
    searchSteps: (filter) => reader.searchSteps(filter),
    verify: () => reader.verify(),
    applyRetention: (days = retentionDays) => applyRetention(days),
    async stop() {
      reserve?.stop()
      await writer.stop()
      await reader.stop()
    },
  }
}

/** Where the last writer left off: the end is mended, the segment open, the anchor there. */
async function goOn(directory: string, anchorFile: string, chain: AuditChain, now: number) {
  const tail = recoverTail(directory, chain)
  const start = whereToGoOn(tail, readAnchor(anchorFile, chain))
  const files = new SegmentFiles(directory, chain)
  const today = dayOf(now)
  const first = { segment: segmentName(today), previous: start.head.hash }
  const anchor = new AnchorFile(anchorFile, chain, {
    head: start.anchorHead,
    oldest: start.oldest ?? oldestSegment(directory, chain.keyId) ?? first,
  })
  if (!tail.segment) await anchor.update({}) // before the segment: a log without an anchor is not new
  const segment = tail.segment
    ? await files.reopen(tail.segment, start.head, start.losses.length > 0)
    : await files.create(today, start.head)
  return { tail, losses: start.losses, anchor, files, segment }
}

function heldLog(directory: string, anchor: AnchorFile, { day, size, head }: AuditEnd): HeldLog {
  const { oldest } = anchor.current
  const last = segmentName(day)
  const segments = listSegments(directory)
    .filter((name) => name <= last)
    .map((name) => {
      const path = segmentPath(directory, name)
      return { name, path, size: name === last ? size : statSync(path).size }
    })
  return { anchor: { head, oldest }, segments }
}

async function openReserve(
  settings: ReserveSettings,
  log: Log,
  writer: () => AuditWriter,
): Promise<AuditReserve> {
  return await AuditReserve.open(settings, log, () => {
    const details = 'there is room on the disk again; meanwhile nothing could be changed'
    writer()
      .append(systemEvent('disk_full_over', details, Date.now()), 'flushed')
      .catch((error: unknown) => log.warn({ error }, 'the end of a full disk is not on record'))
  })
}

function systemEvent(action: string, details: string, now: number): AuditEvent {
  return {
    category: 'SYSTEM',
    action,
    outcome: 'succeeded',
    username: 'system',
    address: 'local',
    door: 'system',
    details,
    initiatedBy: 'Blue_UI_System',
    startedAt: new Date(now).toISOString(),
  }
}
