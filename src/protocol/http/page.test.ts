import fc from 'fast-check'
import { expect, test } from 'vitest'
import { page } from './page.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e']
const itself = (name: string): string => name

test('pages follow each other, and the last one says so', () => {
  const first = page(NAMES, itself, { limit: 2 })
  expect(first).toMatchObject({ items: ['a', 'b'], total: 5, next: expect.any(String) })
  const second = page(NAMES, itself, { limit: 2, after: first.next ?? '' })
  expect(second.items).toEqual(['c', 'd'])
  const third = page(NAMES, itself, { limit: 2, after: second.next ?? '' })
  expect(third).toEqual({ items: ['e'], total: 5, next: null })
})

test('a list that fits has one page; an empty one too', () => {
  expect(page(NAMES, itself, { limit: 5 })).toEqual({ items: NAMES, total: 5, next: null })
  expect(page([], itself, {})).toEqual({ items: [], total: 0, next: null })
})

test('a page goes on at the right place when its neighbours are gone or new', () => {
  const { next } = page(NAMES, itself, { limit: 2 })
  const changed = ['a', 'bb', 'c', 'cc']
  expect(page(changed, itself, { limit: 9, after: next ?? '' }).items).toEqual(['bb', 'c', 'cc'])
  expect(page(['a'], itself, { after: next ?? '' })).toEqual({ items: [], total: 1, next: null })
})

test('all pages together are the list, whatever the names and the size', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 })),
      fc.integer({ min: 1, max: 7 }),
      (given, limit) => {
        const names = given.filter((name) => name.isWellFormed()).toSorted()
        const seen: string[] = []
        let after: string | null | undefined
        while (after !== null) {
          const answer = page(names, itself, { limit, ...(after !== undefined && { after }) })
          seen.push(...answer.items)
          after = answer.next
        }
        expect(seen).toEqual(names)
      },
    ),
  )
})

test.each(['', '%', 'a b', 'YQ=='])('%j is no cursor, and that is told', (after) => {
  expect(() => page(NAMES, itself, { after })).toThrow(
    expect.objectContaining({ kind: 'invalid_parameter_value', field: 'after' }),
  )
})
