/** BLUE's word for how an event ended. Source: features, A4. */
import type { AuditRecord } from './audit-event.ts'

export function blueStatus({ action, outcome }: AuditRecord): string {
  if (action === 'statement') {
    if (outcome === 'succeeded') return 'EXECUTION_SUCCEED'
    return outcome === 'refused' ? 'COMPILATION_FAILED' : 'EXECUTION_FAILED'
  }
  if (outcome !== 'succeeded') return 'Failed'
  if (action === 'login') return 'Active'
  return action === 'session_end' ? 'Closed' : 'COMPLETE'
}
