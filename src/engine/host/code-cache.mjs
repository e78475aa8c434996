/**
 * Compiled code, kept beside the packages. A host has half a dozen threads, and each of them would
 * take the types off every file anew: 12 MB and 0.2 s of CPU a thread, for the tool that does it.
 *
 * Plain JavaScript, like its callers, because a single TypeScript file would bring the tool in. The
 * cache is filled before the fences are up: inside them no code can be written, only read, or a
 * flaw of the engine could outlive its process. Where the place is read-only there is none.
 */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const DIRECTORY = fileURLToPath(
  new URL('../../../node_modules/.cache/bluegate-host', import.meta.url),
)
const SOURCES = fileURLToPath(new URL('../../', import.meta.url))
/** Rooms that the host's code is in. */
const ROOMS = ['base', 'columnar', 'encode', 'engine']

/** Before anything else is imported, in every thread. */
export function useCodeCache() {
  enableCompileCache(DIRECTORY)
}

/** Unless that was done with the same code by the same Node. Outside the fences alone. */
export async function fillCodeCache() {
  const stamp = `filled-${process.version}-${process.arch}-${newest()}`
  const stamps = path.join(DIRECTORY, stamp)
  if (statSync(stamps, { throwIfNoEntry: false })) return
  await Promise.all(
    [
      './serve-gateway.ts',
      './serve-pool.ts',
      './serve-questions.ts',
      './fence/raise-fence.ts',
      './fence/become.ts',
    ].map((file) => import(new URL(file, import.meta.url).href)),
  )
  flushCompileCache()
  try {
    for (const name of readdirSync(DIRECTORY)) {
      if (name.startsWith('filled-')) rmSync(path.join(DIRECTORY, name), { force: true })
    }
    writeFileSync(stamps, '')
  } catch {
    // read-only: compiled anew each time
  }
}

/** When the last of the files changed, in milliseconds since 1970. */
function newest() {
  const files = ROOMS.flatMap((room) =>
    readdirSync(path.join(SOURCES, room), { recursive: true, withFileTypes: true }),
  )
  return Math.max(
    ...files.map(({ parentPath, name }) => statSync(path.join(parentPath, name)).mtimeMs),
  )
}
