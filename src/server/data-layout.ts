/** Where everything lies in a data directory. */
import path from 'node:path'

export interface DataLayout {
  readonly metadataFile: string
  readonly auditDir: string
  readonly auditReserveFile: string
  readonly engineDir: string
  readonly engineTempDir: string
  readonly samplesDir: string
  readonly uploadsDir: string
  readonly tlsDir: string
  /** Of a backup under way; emptied by the next. */
  readonly backupTempDir: string
  /** When the last backup was taken, and where it was put. */
  readonly lastBackupFile: string
  /** What a restore has not yet put in its place: while it is there, nothing starts. */
  readonly unfinishedRestoreDir: string
  /** Says that a restore took place, until that is on record. */
  readonly restoreNoteFile: string
}

export function dataLayout(dataDir: string): DataLayout {
  return {
    metadataFile: path.join(dataDir, 'metadata.sqlite'),
    auditDir: path.join(dataDir, 'audit'),
    auditReserveFile: path.join(dataDir, 'audit-reserve'),
    engineDir: path.join(dataDir, 'engine'),
    engineTempDir: path.join(dataDir, 'engine-temp'),
    samplesDir: path.join(dataDir, 'samples'),
    uploadsDir: path.join(dataDir, 'uploads'),
    tlsDir: path.join(dataDir, 'tls'),
    backupTempDir: path.join(dataDir, 'backup-temp'),
    lastBackupFile: path.join(dataDir, 'last-backup.json'),
    unfinishedRestoreDir: path.join(dataDir, 'restore-unfinished'),
    restoreNoteFile: path.join(dataDir, 'restored.json'),
  }
}

/** Not in the data directory: the anchor guards what is there. */
export function anchorFile(secretsDir: string): string {
  return path.join(secretsDir, 'audit-anchor.json')
}
