/**
 * What a client may use up: its budgets and its hours. What is absent does not limit.
 *
 * They hold for all its sessions together, through every door.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { parseAllowedHours } from './allowed-hours.ts'

/** Limits that are numbers, with the largest that each may be; the smallest is 1. */
export const COUNT_LIMITS = {
  /** Open sessions. */
  sessions: 100_000,
  /** Sessions that have a statement in the engine, or in line for it. */
  statements: 100_000,
  rowsPerStatement: Number.MAX_SAFE_INTEGER,
  /** As encoded for the client. */
  bytesPerStatement: Number.MAX_SAFE_INTEGER,
  /** From its turn in the pool to its last row. */
  secondsPerStatement: 604_800,
  /** The following: in any sixty minutes. */
  statementsPerHour: Number.MAX_SAFE_INTEGER,
  rowsPerHour: Number.MAX_SAFE_INTEGER,
  bytesPerHour: Number.MAX_SAFE_INTEGER,
  /** Of all statements together. */
  secondsPerHour: 604_800,
} as const

export type CountLimit = keyof typeof COUNT_LIMITS

export const COUNT_LIMIT_NAMES = Object.keys(COUNT_LIMITS) as readonly CountLimit[]

export interface ClientLimits extends Partial<Readonly<Record<CountLimit, number>>> {
  /** As `allowed-hours.ts` reads it. */
  readonly hours?: string
}

/** Absent members stay as they are; null takes a limit away. */
export type ClientLimitsChange = {
  readonly [Name in keyof ClientLimits]?: ClientLimits[Name] | null
}

/** @throws GatewayError `invalid_parameter_value`, with the field. */
export function changedLimits(before: ClientLimits, change: ClientLimitsChange): ClientLimits {
  const counts: Partial<Record<CountLimit, number>> = {}
  for (const name of COUNT_LIMIT_NAMES) {
    const asked = change[name]
    const value = asked === undefined ? before[name] : asked
    if (value === undefined || value === null) continue
    checkCount(name, value)
    counts[name] = value
  }
  const hours = change.hours === undefined ? before.hours : change.hours
  return {
    ...counts,
    ...(typeof hours === 'string' && { hours: parseAllowedHours(hours).text }),
  }
}

function checkCount(name: CountLimit, value: number): void {
  const max = COUNT_LIMITS[name]
  if (Number.isInteger(value) && value >= 1 && value <= max) return
  throw new GatewayError('invalid_parameter_value', `${name} ${value} is out of range`, {
    field: `limits.${name}`,
    hint: `Give a whole number from 1 to ${max}, or none for no limit.`,
  })
}
