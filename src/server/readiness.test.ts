import { expect, test } from 'vitest'
import { readiness } from './readiness.ts'
import type { ReadinessSources } from './readiness.ts'

const WELL: ReadinessSources = {
  phase: () => 'serving',
  engineIsUp: () => true,
  probeMetadata: () => Promise.resolve(),
  auditIsBroken: () => false,
  diskIsFull: () => false,
}

test('a gateway that serves is ready', async () => {
  expect(await readiness(WELL)()).toEqual([])
})

test.each<[string, Partial<ReadinessSources>]>([
  ['starting', { phase: () => 'starting' }],
  ['stopping', { phase: () => 'stopping' }],
  ['engine', { engineIsUp: () => false }],
  ['metadata', { probeMetadata: () => Promise.reject(new Error('/secret/path is read-only')) }],
  ['metadata', { probeMetadata: () => new Promise(() => undefined) }],
  ['audit', { auditIsBroken: () => true }],
  ['disk', { diskIsFull: () => true }],
])('it is not ready for the reason %s, and tells nothing more', async (reason, change) => {
  expect(await readiness({ ...WELL, ...change })()).toEqual([reason])
})

test('many who ask at once cost one look', async () => {
  let looks = 0
  const probeMetadata = (): Promise<void> => {
    looks += 1
    return Promise.resolve()
  }
  const ask = readiness({ ...WELL, probeMetadata })
  await Promise.all(Array.from({ length: 1_000 }, ask))
  expect(looks).toBe(1)
})
