/** A new or renamed file is there after a power failure only once its directory is flushed too. */
import { open } from 'node:fs/promises'

export async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return // directories cannot be opened there; NTFS logs names
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
