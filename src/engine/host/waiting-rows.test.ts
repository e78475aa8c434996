import { expect, test } from 'vitest'
import { PORTAL_CREDIT_BYTES } from '../wire/frame.ts'
import { WaitingRows } from './waiting-rows.ts'

/** JSON lines of four bytes. */
function lines(...numbers: number[]) {
  const text = numbers.map((number) => `[${number}]\n`).join('')
  return { bytes: Buffer.from(text), rows: numbers.length }
}

function textsOf(waiting: WaitingRows): string[] {
  const texts: string[] = []
  for (let next = waiting.take(); next; next = waiting.take()) {
    texts.push(`${next.rows}: ${Buffer.from(next.bytes).toString().replaceAll('\n', '')}`)
  }
  return texts
}

test('parts leave in the order in which they came, and nothing stays', () => {
  const waiting = new WaitingRows({ kind: 'json_lines' }, 0)
  waiting.add([lines(1, 2), lines(3)])
  expect(waiting.bytes).toBe(12)
  expect(textsOf(waiting)).toEqual(['2: [1][2]', '1: [3]'])
  expect([waiting.bytes, waiting.isEmpty, waiting.isSuspended]).toEqual([0, true, false])
})

test('so many rows leave as were asked for; a part is cut between rows, and its rest waits', () => {
  const waiting = new WaitingRows({ kind: 'json_lines' }, 2)
  waiting.add([lines(1, 2, 3, 4)])
  expect(waiting.take()).toMatchObject({ rows: 2, owned: false })
  expect([waiting.isSuspended, waiting.take()]).toEqual([true, undefined])
  waiting.resume(1)
  expect(textsOf(waiting)).toEqual(['1: [3]'])
  waiting.resume(0)
  expect(textsOf(waiting)).toEqual(['1: [4]'])
})

test('it suspends at the last row that was asked for, also when that was the last of all', () => {
  const waiting = new WaitingRows({ kind: 'json_lines' }, 1)
  waiting.add([lines(1)])
  expect(waiting.take()).toMatchObject({ rows: 1, owned: true })
  expect([waiting.isEmpty, waiting.isSuspended]).toEqual([true, true])
})

test('without credit nothing leaves; what is there is enough for one part more', () => {
  const waiting = new WaitingRows({ kind: 'json_lines' }, 0)
  const large = { bytes: Buffer.alloc(PORTAL_CREDIT_BYTES), rows: 1 }
  waiting.add([large, lines(2)])
  expect(waiting.take()?.bytes).toHaveLength(PORTAL_CREDIT_BYTES)
  expect(waiting.take()).toBeUndefined()
  waiting.credit(1)
  expect(textsOf(waiting)).toEqual(['1: [2]'])
})
