/** The limits of a client in words, in the order in which they are shown. */
import type { ClientLimits } from '../api/clients.ts'
import { byteSize } from './byte-size.ts'

type CountLimit = Exclude<keyof ClientLimits, 'hours'>

export interface LimitWords {
  readonly name: CountLimit
  readonly label: string
  readonly unit?: string
}

export const COUNT_LIMITS: readonly LimitWords[] = [
  { name: 'sessions', label: 'Open sessions' },
  { name: 'statements', label: 'Statements at once' },
  { name: 'rowsPerStatement', label: 'Rows of a statement' },
  { name: 'bytesPerStatement', label: 'Bytes of a statement' },
  { name: 'secondsPerStatement', label: 'Seconds of a statement', unit: 's' },
  { name: 'statementsPerHour', label: 'Statements an hour' },
  { name: 'rowsPerHour', label: 'Rows an hour' },
  { name: 'bytesPerHour', label: 'Bytes an hour' },
  { name: 'secondsPerHour', label: 'Seconds an hour', unit: 's' },
]

/** Label and value of each limit that there is. */
export function limitFacts(limits: ClientLimits): [label: string, value: string][] {
  const counts = COUNT_LIMITS.flatMap(({ name, label, unit }): [string, string][] => {
    const value = limits[name]
    if (value === undefined) return []
    if (name.startsWith('bytes')) return [[label, byteSize(value)]]
    return [[label, `${value.toLocaleString('en')}${unit === undefined ? '' : ` ${unit}`}`]]
  })
  return limits.hours === undefined ? counts : [...counts, ['Hours', limits.hours]]
}
