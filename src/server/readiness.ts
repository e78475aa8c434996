/** Whether clients should be sent here. Anybody may ask, so it is looked at once a second at most. */

const KNOWN_MS = 1_000
const PATIENCE_MS = 2_000

export interface ReadinessSources {
  /** `serving` once all doors are open, and until they close. */
  phase(): 'starting' | 'serving' | 'stopping'
  engineIsUp(): boolean
  /** Rejects when the metadata cannot be written. */
  probeMetadata(): Promise<void>
  /** Whether nothing can be put on record. */
  auditIsBroken(): boolean
  diskIsFull(): boolean
}

/** @returns the function that gives the reasons why not: words of a fixed list. */
export function readiness(sources: ReadinessSources): () => Promise<readonly string[]> {
  let known: { readonly at: number; readonly reasons: Promise<readonly string[]> } | undefined
  return () => {
    const now = performance.now()
    if (!known || now - known.at > KNOWN_MS) known = { at: now, reasons: look(sources) }
    return known.reasons
  }
}

async function look(sources: ReadinessSources): Promise<readonly string[]> {
  const phase = sources.phase()
  const metadata = await within(PATIENCE_MS, sources.probeMetadata())
  return [
    ...(phase === 'serving' ? [] : [phase]),
    ...(sources.engineIsUp() ? [] : ['engine']),
    ...(metadata ? [] : ['metadata']),
    ...(sources.auditIsBroken() ? ['audit'] : []),
    ...(sources.diskIsFull() ? ['disk'] : []),
  ]
}

/** Whether `work` succeeded in time. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const done = work.then(
    () => true,
    () => false,
  )
  return await Promise.race([done, late]).finally(() => clearTimeout(timer))
}
