import { expect, test } from 'vitest'
import { watchMemory } from './memory-watchdog.ts'

function watched() {
  const seen: string[] = []
  const state = { bytes: 0, now: 0 }
  const { look, stop } = watchMemory(
    100,
    () => seen.push('full'),
    () => seen.push('still full'),
    () => state.bytes,
    () => state.now,
  )
  stop()
  return { seen, state, look }
}

test('at the limit nothing happens, beyond it everything is interrupted once', () => {
  const { seen, state, look } = watched()
  state.bytes = 100
  look()
  expect(seen).toEqual([])
  state.bytes = 101
  look()
  look()
  expect(seen).toEqual(['full'])
})

test('memory that does not come back ends the process; memory that does starts the count anew', () => {
  const { seen, state, look } = watched()
  state.bytes = 101
  look()
  state.now = 2000
  state.bytes = 50
  look()
  state.bytes = 101
  state.now = 4000
  look()
  expect(seen).toEqual(['full', 'full'])
  state.now = 7500
  look()
  expect(seen).toEqual(['full', 'full', 'still full'])
})
