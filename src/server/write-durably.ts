/** A small file, written so that it is there whole or not at all, also after a crash. */
import { open, rename } from 'node:fs/promises'
import path from 'node:path'
import { flushDirectory } from '../storage/flush-directory.ts'

/**
 * Replaces `file` and returns when both its content and its name are on disk. A crash leaves the
 * old file, and perhaps `file.new`, which the next call overwrites.
 */
export async function writeDurably(file: string, content: string, mode: number): Promise<void> {
  const fresh = `${file}.new`
  const handle = await open(fresh, 'w', mode)
  try {
    await handle.chmod(mode) // the mode above counts only for a file that was not there
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
  await flushDirectory(path.dirname(file))
}
