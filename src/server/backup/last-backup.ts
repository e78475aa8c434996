/** When the last backup was taken: for the warning that there is none. */
import { readFile } from 'node:fs/promises'
import type { DataLayout } from '../data-layout.ts'
import { writeDurably } from '../write-durably.ts'

export interface LastBackup {
  readonly file: string
  readonly takenAt: string
}

type Place = Pick<DataLayout, 'lastBackupFile'>

export async function writeLastBackup({ lastBackupFile }: Place, last: LastBackup): Promise<void> {
  await writeDurably(lastBackupFile, `${JSON.stringify(last)}\n`, 0o600)
}

/** Undefined when there was none, or it is not known any more. */
export async function readLastBackup({ lastBackupFile }: Place): Promise<LastBackup | undefined> {
  try {
    return JSON.parse(await readFile(lastBackupFile, 'utf8')) as LastBackup
  } catch {
    return undefined // it only keeps a warning away
  }
}
