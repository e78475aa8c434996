/** The filters of the audit page as they stand in its address, and as the gateway takes them. */
import { CATEGORIES, OUTCOMES } from '../../api/audit.ts'
import type { AuditFilter, AuditRecord, Outcome } from '../../api/audit.ts'
import { DAY } from '../../ui/relative-time.ts'

export interface AuditSearch {
  readonly since?: Since
  /** Local times, for `between`: `2030-12-31T08:00`. */
  readonly from?: string
  readonly to?: string
  readonly who?: string
  readonly category?: string
  readonly outcome?: Outcome
  readonly action?: string
  readonly text?: string
}

export const SINCE = ['hour', 'day', 'week', 'month', 'ever', 'between'] as const
export type Since = (typeof SINCE)[number]
export const SINCE_DEFAULT: Since = 'day'

const LENGTH_MS = {
  hour: DAY / 24,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
} as const

/** What of an address is a filter; the rest is left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const since = SINCE.find((one) => one === search['since'])
  const category = CATEGORIES.find((one) => one === search['category'])
  const outcome = OUTCOMES.find((one) => one === search['outcome'])
  return {
    ...(since === undefined ? {} : { since }),
    ...(category === undefined ? {} : { category }),
    ...(outcome === undefined ? {} : { outcome }),
    ...texts(search),
  }
}

function texts(search: Record<string, unknown>) {
  const found = (['from', 'to', 'who', 'action', 'text'] as const).flatMap((key) => {
    const value = search[key]
    return typeof value === 'string' && value !== '' ? [[key, value]] : []
  })
  return Object.fromEntries(found) as Pick<AuditSearch, 'from' | 'to' | 'who' | 'action' | 'text'>
}

/** @param now Milliseconds: `the last hour` ends here. */
export function auditFilter(search: AuditSearch, now: number): AuditFilter {
  const { who, category, outcome, action, text } = search
  return {
    ...times(search, now),
    ...(who === undefined ? {} : { usernames: wordsIn(who) }),
    ...(category === undefined ? {} : { categories: [category] }),
    ...(outcome === undefined ? {} : { outcomes: [outcome] }),
    ...(action === undefined ? {} : { actions: wordsIn(action) }),
    ...(text === undefined ? {} : { detailsLike: `%${withoutWildcards(text)}%` }),
  }
}

function times({ since = SINCE_DEFAULT, from, to }: AuditSearch, now: number) {
  if (since === 'ever') return {}
  if (since !== 'between') return { from: new Date(now - LENGTH_MS[since]).toISOString() }
  return { ...instant('from', from), ...instant('to', to) }
}

function instant(
  key: 'from' | 'to',
  local: string | undefined,
): Partial<Record<'from' | 'to', string>> {
  const date = new Date(local ?? '')
  return Number.isNaN(date.getTime()) ? {} : { [key]: date.toISOString() }
}

/** The gateway's LIKE has no escape: `_`, any one character, is the nearest to a `%` that means itself. */
function withoutWildcards(text: string): string {
  return text.replaceAll('%', '_')
}

/** `bi, etl` is two names. */
function wordsIn(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** Whether a record that arrives live is one that was asked for. */
export function matchesSearch(record: AuditRecord, search: AuditSearch): boolean {
  const { who, category, outcome, action, text } = search
  return (
    (who === undefined || wordsIn(who).includes(record.username)) &&
    (category === undefined || category === record.category) &&
    (outcome === undefined || outcome === record.outcome) &&
    (action === undefined || wordsIn(action).includes(record.action)) &&
    (text === undefined || (record.details ?? '').includes(text))
  )
}
