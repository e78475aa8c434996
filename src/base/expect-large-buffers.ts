/** For a process that passes large buffers through: how often V8 looks for the dead ones. */
import { setFlagsFromString } from 'node:v8'

/** V8 collects when the heap and its buffers have grown by this much over what was alive. */
const GROWTH_PERCENT = 200

/**
 * Call once, at the start of the process.
 *
 * V8 counts the memory of buffers against a limit that it derives from the size of the heap. The
 * heap of a gateway is small (30 MB) and its buffers are many and short-lived, so by default each 12 MB
 * that were forwarded marked the whole heap: 0.4 s of CPU for 100 MB of rows, more than reading,
 * encrypting and sending them (0.3 s). With this there are one or two such collections for the
 * same bytes, and the buffers, which die young, go with the cheap ones. It costs about 40 MB.
 */
export function expectLargeBuffers(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
