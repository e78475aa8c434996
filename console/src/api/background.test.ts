import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { inBackground, isInBackground } from './background.ts'

test('what begins inside is in the background, also inside of one another, and nothing after it', () => {
  const seen: boolean[] = []
  inBackground(() => {
    inBackground(() => seen.push(isInBackground()))
    seen.push(isInBackground())
  })
  expect([...seen, isInBackground()]).toEqual([true, true, false])
})

test('an error ends it as well', () => {
  expect(() =>
    inBackground(() => {
      throw new Error('broken')
    }),
  ).toThrow('broken')
  expect(isInBackground()).toBe(false)
})

test('a query that is asked anew because of a change begins in the background, at first it does not', async () => {
  const queries = new QueryClient()
  const begun: boolean[] = []
  const observer = new QueryObserver(queries, {
    queryKey: ['clients'],
    queryFn: () => begun.push(isInBackground()),
  })
  const end = observer.subscribe(() => undefined)
  await observer.fetchOptimistic(observer.options)
  let refetch: Promise<void> | undefined
  inBackground(() => {
    refetch = queries.invalidateQueries({ queryKey: ['clients'] })
  })
  await refetch
  await queries.invalidateQueries({ queryKey: ['clients'] })
  end()
  expect(begun).toEqual([false, true, false])
})
