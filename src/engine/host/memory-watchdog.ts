/**
 * Watches the resident memory of this process. Where the system bounds the address space
 * (`address-space-limit.ts`) the engine's allocations fail first; elsewhere this is the only bound.
 *
 * Beyond the limit everything that runs is interrupted; when that does not help soon, the process
 * ends, before the system's own killer chooses a victim.
 */
const LOOK_MS = 100

/** How long an interrupt may take to give memory back. */
const GRACE_MS = 3000

export function watchMemory(
  bytesMax: number,
  onFull: () => void,
  onStillFull: () => void,
  readBytes: () => number = () => process.memoryUsage.rss(),
  now: () => number = () => performance.now(),
): { readonly look: () => void; readonly stop: () => void } {
  let fullSince: number | undefined
  const look = (): void => {
    if (readBytes() <= bytesMax) {
      fullSince = undefined
      return
    }
    if (fullSince === undefined) {
      fullSince = now()
      onFull()
    } else if (now() - fullSince > GRACE_MS) {
      onStillFull()
    }
  }
  const timer = setInterval(look, LOOK_MS)
  timer.unref()
  return { look, stop: () => clearInterval(timer) }
}
