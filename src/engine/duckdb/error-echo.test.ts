import { expect, test } from 'vitest'
import { readErrorText } from './error-echo.ts'

function echo(line: number, shown: string, column: number): string {
  const front = `LINE ${line}: `
  return `What is wrong.\n\n${front}${shown}\n${' '.repeat(front.length + column)}^`
}

test('the position counts characters of the statement from 1', () => {
  expect(readErrorText(echo(1, 'select b', 7), 'select b')).toEqual({
    sentence: 'What is wrong.',
    position: 8,
  })
  expect(readErrorText(echo(2, 'b', 0), "select '😀',\nb").position).toBe(13)
  expect(readErrorText(echo(2, ' ñ, b', 4), 'select\n ñ, b').position).toBe(12)
})

test('a long line is shown in part, and found again', () => {
  const sql = `select ${'1+'.repeat(100)} b from t where ${'x or '.repeat(50)}`
  const at = sql.indexOf(' b from') + 1
  const shown = `...${sql.slice(at - 20, at + 30)}...`
  expect(readErrorText(echo(1, shown, 23), sql).position).toBe(at + 1)
})

test('no position rather than a wrong one: wide characters, ambiguous parts, other statements', () => {
  expect(
    readErrorText(echo(1, "select '日本', b", 15), "select '日本', b").position,
  ).toBeUndefined()
  expect(readErrorText(echo(1, 'select\tb', 6), 'select\tb').position).toBeUndefined()
  expect(readErrorText(echo(1, '...ab...', 4), 'ab ab ab').position).toBeUndefined()
  expect(readErrorText(echo(3, 'b', 0), 'select b').position).toBeUndefined()
  expect(readErrorText(echo(1, 'select b', 7), undefined).position).toBeUndefined()
})

test('a text without an echo is left as it is', () => {
  expect(readErrorText('custom\ntext LINE 1: x', 'select 1').sentence).toBe(
    'custom\ntext LINE 1: x',
  )
})
