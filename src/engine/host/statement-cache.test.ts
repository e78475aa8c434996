import { expect, test } from 'vitest'
import { StatementCache } from './statement-cache.ts'
import type { StatementHandle } from './task.ts'

function cacheThatCounts() {
  const dropped: number[] = []
  return { dropped, cache: new StatementCache(({ number }) => void dropped.push(number)) }
}

const handle = (number: number): StatementHandle => ({
  number,
  address: BigInt(number),
  columns: [],
})

test('a statement is found again at the version at which it was prepared, and at no other', () => {
  const { cache, dropped } = cacheThatCounts()
  cache.keep('select 1', 7, handle(1))
  expect(cache.find('select 1', 7)).toEqual(handle(1))
  expect(cache.find('select 1', 8)).toBeUndefined()
  expect(dropped).toEqual([1])
  expect(cache.find('select 1', 7)).toBeUndefined()
})

test('the least recently used one goes first', () => {
  const { cache, dropped } = cacheThatCounts()
  for (let n = 0; n < 32; n += 1) cache.keep(`select ${n}`, 1, handle(n))
  cache.find('select 0', 1)
  cache.keep('select 32', 1, handle(32))
  expect(dropped).toEqual([1])
})

test('keeping what is kept changes nothing, clearing drops everything once', () => {
  const { cache, dropped } = cacheThatCounts()
  cache.keep('select 1', 1, handle(1))
  cache.keep('select 1', 1, handle(1))
  cache.clear()
  cache.clear()
  expect(dropped).toEqual([1])
})
