/** What a restore leaves for the next start: a note to be put on record. */
import { access, readFile, rm } from 'node:fs/promises'
import type { AuditLog } from '../../audit/audit-log.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import type { DataLayout } from '../data-layout.ts'
import { writeDurably } from '../write-durably.ts'

export interface RestoreNote {
  readonly file: string
  readonly takenAt: string
  readonly restoredAt: string
  /** The last record of the backup. */
  readonly lastRecord: number
  /** The last record that the anchor knew of before, where there was one. */
  readonly lastRecordBefore?: number
}

type Places = Pick<DataLayout, 'restoreNoteFile' | 'unfinishedRestoreDir'>

export async function writeRestoreNote(places: Places, note: RestoreNote): Promise<void> {
  await writeDurably(places.restoreNoteFile, `${JSON.stringify(note)}\n`, 0o600)
}

/** A restore that was killed has put some files in place and not the others. */
export async function refuseUnfinishedRestore({ unfinishedRestoreDir }: Places): Promise<void> {
  const isThere = await access(unfinishedRestoreDir).then(
    () => true,
    () => false,
  )
  if (!isThere) return
  throw new GatewayError(
    'object_not_in_prerequisite_state',
    'a restore into this data directory did not come to its end',
    { hint: 'Empty the directory, and run bluegate restore again.' },
  )
}

/** Puts a restore on record, once; after a crash in between, twice. */
export async function recordRestore(
  { restoreNoteFile }: Places,
  audit: Pick<AuditLog, 'append'>,
): Promise<void> {
  const text = await readFile(restoreNoteFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return
  await audit.append(
    {
      category: 'SYSTEM',
      action: 'backup_restored',
      outcome: 'succeeded',
      username: 'system',
      address: 'local',
      door: 'system',
      details: describe(JSON.parse(text) as RestoreNote),
      initiatedBy: 'Blue_UI_System',
      startedAt: new Date().toISOString(),
    },
    'flushed',
  )
  await rm(restoreNoteFile)
}

function describe(note: RestoreNote): string {
  const { file, takenAt, restoredAt, lastRecord, lastRecordBefore = 0 } = note
  const lost =
    lastRecordBefore > lastRecord
      ? `; records ${lastRecord + 1} to ${lastRecordBefore} of before are not in it`
      : ''
  return `${file}, the state of ${takenAt}, restored at ${restoredAt}, up to record ${lastRecord}${lost}`
}
