/**
 * Lists in pages: `limit` items after the one that `after` names, of those that `search` finds.
 *
 * The cursor holds the key of the last item, so a page goes on at the right place whatever was made
 * or deleted meanwhile.
 */
import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'
import { GatewayError } from '../../base/gateway-error.ts'
import { nullable } from './component.ts'

const PAGE_ITEMS_DEFAULT = 50
const PAGE_ITEMS_MAX = 1_000

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: PAGE_ITEMS_MAX,
        description: `Items in one page; ${PAGE_ITEMS_DEFAULT} when it is left out.`,
      }),
    ),
    after: Type.Optional(
      Type.String({ maxLength: 1_000, description: '`next` of the page before.' }),
    ),
    search: Type.Optional(
      Type.String({ maxLength: 255, description: 'Part of a name or label, in any case.' }),
    ),
  },
  { additionalProperties: false },
)

export type PageRequest = Static<typeof PageQuery>

export interface Page<Item> {
  readonly items: readonly Item[]
  /** Of all pages. */
  readonly total: number
  /** For `after`; null on the last page. */
  readonly next: string | null
}

export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    total: Type.Integer({ description: 'How many there are on all pages.' }),
    next: nullable<string>('string', '`after` of the next page; null on the last one.'),
  })
}

/**
 * @param found What the search finds, in ascending order of their keys.
 * @throws GatewayError `invalid_parameter_value` for a cursor that is none.
 */
export function page<Item>(
  found: readonly Item[],
  keyOf: (item: Item) => string,
  { limit = PAGE_ITEMS_DEFAULT, after }: PageRequest,
): Page<Item> {
  const key = after === undefined ? undefined : keyFrom(after)
  const start = key === undefined ? 0 : firstAfter(found, keyOf, key)
  const items = found.slice(start, start + limit)
  const last = items.at(-1)
  const isLast = last === undefined || start + items.length >= found.length
  return { items, total: found.length, next: isLast ? null : cursorOf(keyOf(last)) }
}

function firstAfter<Item>(
  found: readonly Item[],
  keyOf: (item: Item) => string,
  key: string,
): number {
  let [start, end] = [0, found.length]
  while (start < end) {
    const middle = (start + end) >> 1
    const item = found[middle]
    if (item !== undefined && keyOf(item) > key) end = middle
    else start = middle + 1
  }
  return start
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function keyFrom(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString()
  if (key !== '' && cursorOf(key) === cursor) return key
  throw new GatewayError('invalid_parameter_value', 'after is not a cursor of this list', {
    field: 'after',
    hint: 'Send what the page before answered as "next", or leave it out to begin anew.',
  })
}
