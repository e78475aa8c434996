import { expect, test } from 'vitest'
import { beginTurn, closeTurns, duringTurn, endTurn, newTurn } from './question-turn.ts'

test('a question is interrupted while it runs, and neither before nor after', () => {
  const turn = newTurn()
  const interrupted: string[] = []
  const interrupt = (id: number, when: string) =>
    duringTurn(turn, id, () => interrupted.push(`${id} ${when}`))
  expect(interrupt(7, 'before')).toBe(false)
  expect(beginTurn(turn, 7)).toBe(true)
  expect(interrupt(7, 'once')).toBe(true)
  expect(interrupt(7, 'again')).toBe(true)
  expect(interrupt(8, 'of another')).toBe(false)
  endTurn(turn, 7)
  expect(beginTurn(turn, 8)).toBe(true)
  expect(interrupt(7, 'after')).toBe(false)
  expect(interrupted).toEqual(['7 once', '7 again'])
})

test('a question does not end, nor another begin, while it is being interrupted', () => {
  const turn = newTurn()
  beginTurn(turn, 1)
  duringTurn(turn, 1, () => {
    expect(beginTurn(turn, 2)).toBe(false)
    expect(duringTurn(turn, 1, () => undefined)).toBe(false)
  })
  endTurn(turn, 1)
  expect(beginTurn(turn, 2)).toBe(true)
})

test('no question begins after the end, which waits for none', () => {
  const turn = newTurn()
  beginTurn(turn, 0xffff_ffff)
  expect(closeTurns(turn)).toBe(false)
  endTurn(turn, 0xffff_ffff)
  expect(closeTurns(turn)).toBe(true)
  expect(beginTurn(turn, 1)).toBe(false)
})
