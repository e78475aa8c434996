/**
 * What a line must hold, byte for byte, to be asked for: a search reads ten million records, and most
 * of them need not be understood to be passed over.
 *
 * It may let through what is not asked for, and never keeps back what is: the writer's JSON spells a
 * member and its value in one way only.
 */
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuditFilter } from '../../audit/audit-log.ts'

/** To look for many values costs more than to understand the line. */
const VALUES_MAX = 8

/** @returns whether a line, or a block of lines, may hold something that is asked for. */
export function neededBytes(filter: AuditFilter): (bytes: Buffer) => boolean {
  /** One of each is needed. */
  const needed = [
    members('username', filter.usernames),
    members('sessionId', filter.sessionIds),
    members('queryId', filter.queryIds),
    members('outcome', filter.outcomes),
    members('category', filter.categories),
    members('action', filter.actions),
    members('initiatedBy', filter.initiatedBy),
    part(filter.detailsLike),
    part(filter.errorLike),
  ].filter((values) => values !== undefined)
  return (bytes) => needed.every((values) => values.some((value) => bytes.includes(value)))
}

function members(
  name: keyof AuditRecord,
  values: readonly (string | number)[] | undefined,
): Buffer[] | undefined {
  if (values === undefined || values.length > VALUES_MAX) return undefined
  return values.map((value) => Buffer.from(`"${name}":${JSON.stringify(value)}`))
}

/** The longest text that a LIKE pattern asks for as it is. */
function part(pattern: string | undefined): Buffer[] | undefined {
  const [longest = ''] = (pattern ?? '').split(/[%_]/).toSorted((a, b) => b.length - a.length)
  return longest === '' ? undefined : [Buffer.from(JSON.stringify(longest).slice(1, -1))]
}
