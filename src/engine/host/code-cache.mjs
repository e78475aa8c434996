/**
 * Compiled code, kept beside the packages. A host has half a dozen threads, and each of them would
 * take the types off every file anew: 12 MB and 0.2 s of CPU a thread, for the tool that does it.
 *
 * Plain JavaScript, like its two callers, because a single TypeScript file would bring the tool in.
 * The cache lies where the code itself lies: whoever may write there decides what runs anyway. Where
 * that place is read-only there is none.
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const DIRECTORY = fileURLToPath(
  new URL('../../../node_modules/.cache/bluegate-host', import.meta.url),
)

/** Before anything else is imported, in every thread. */
export function useCodeCache() {
  enableCompileCache(DIRECTORY)
}

/** When all is imported: a host is ended by a signal, and would not come to it then. */
export function keepCodeCache() {
  flushCompileCache()
}
