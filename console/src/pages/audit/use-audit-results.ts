/** The results of a search of the audit, as they arrive; it can be stopped. */
import { useEffect, useRef, useState } from 'react'
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
  const [found, setFound] = useState({ filter, results: NOTHING })
  const running = useRef<AbortController>(undefined)

  useEffect(() => {
    const abort = new AbortController()
    running.current = abort
    void collect(filter, abort.signal, (results) => setFound({ filter, results }))
    return () => abort.abort('superseded')
  }, [filter])

  return {
    results: found.filter === filter ? found.results : NOTHING,
    stop: () => running.current?.abort('stopped'),
  }
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
      if (line.record) records.push(line.record)
      if (line.progress) progress = line.progress
      if (Date.now() - drawn > DRAW_MS) drawAs('searching')
    }
    drawAs('complete')
  } catch (error) {
    if (signal.aborted) drawAs('stopped')
    else drawAs('failed', error)
  }
}
