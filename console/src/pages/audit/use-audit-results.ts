/** The results of a search of the audit, as they arrive; it can be stopped. */
import { useCallback, useEffect, useState } from 'react'
import { searchAudit } from '../../api/audit.ts'
import type { AuditFilter, AuditRecord, SearchProgress } from '../../api/audit.ts'

export interface AuditResults {
  readonly records: readonly AuditRecord[]
  readonly progress: SearchProgress | undefined
  readonly state: 'searching' | 'complete' | 'stopped' | 'failed'
  readonly error: unknown
}

const NOTHING: AuditResults = {
  records: [],
  progress: undefined,
  state: 'searching',
  error: null,
}

/** The page is drawn so often at most, however fast records arrive. */
const DRAW_MS = 100

/** @param filter Begins anew whenever it is another object. */
export function useAuditResults(filter: AuditFilter) {
  const [results, setResults] = useState(NOTHING)
  const [stopper, setStopper] = useState<AbortController>()

  useEffect(() => {
    const abort = new AbortController()
    setStopper(abort)
    setResults(NOTHING)
    void collect(filter, abort.signal, setResults)
    return () => abort.abort('superseded')
  }, [filter])

  const stop = useCallback(() => stopper?.abort('stopped'), [stopper])
  return { results, stop }
}

async function collect(
  filter: AuditFilter,
  signal: AbortSignal,
  draw: (results: AuditResults) => void,
): Promise<void> {
  const records: AuditRecord[] = []
  let progress: SearchProgress | undefined
  let drawn = 0
  const drawAs = (state: AuditResults['state'], error: unknown = null) => {
    if (signal.reason === 'superseded') return
    drawn = Date.now()
    draw({ records: [...records], progress, state, error })
  }
  try {
    for await (const line of searchAudit(filter, signal)) {
      if ('record' in line) records.push(line.record)
      if ('progress' in line) progress = line.progress
      if (Date.now() - drawn > DRAW_MS) drawAs('searching')
    }
    drawAs('complete')
  } catch (error) {
    if (signal.aborted) drawAs('stopped')
    else drawAs('failed', error)
  }
}
