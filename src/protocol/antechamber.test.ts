import { expect, test } from 'vitest'
import { Antechamber } from './antechamber.ts'

test('there is room for so many in all, and so many from one address', () => {
  const antechamber = new Antechamber(3, 2)
  const [first, second] = [antechamber.enter('a'), antechamber.enter('a')]
  expect(antechamber.enter('a')).toBeUndefined()
  expect(antechamber.enter('b')).toBeDefined()
  expect(antechamber.enter('c')).toBeUndefined()
  first?.()
  first?.() // leaving twice frees one place
  expect(antechamber.enter('a')).toBeDefined()
  expect(antechamber.enter('a')).toBeUndefined()
  second?.()
})
