import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { blocksBackwards, linesBackwards, linesForwards } from './read-lines.ts'
import type { FileLine } from './read-lines.ts'

/** Of a block and more; and short ones, whose boundaries fall anywhere. */
const LINES = Array.from({ length: 3_000 }, (_, n) =>
  n % 500 === 7 ? String(n).repeat(200_000) : `line ${n} ${'x'.repeat(n % 300)}`,
)

test('backwards gives the lines that forwards gives, in the other order, at the same places', () => {
  const text = `${LINES.join('\n')}\nthis line is torn`
  const backwards = read(text, linesBackwards)
  expect(backwards.map(({ text: line }) => line).toReversed()).toEqual(LINES)
  expect(backwards.toReversed()).toEqual(read(text, linesForwards))
})

test('blocks hold whole lines and leave out none', () => {
  const blocks = read(`${LINES.join('\n')}\n`, blocksBackwards)
  expect(blocks.length).toBeGreaterThan(2)
  expect(blocks.every(({ text }) => text.endsWith('\n'))).toBe(true)
  const whole = blocks.toReversed().map(({ text }) => text)
  expect(whole.join('')).toBe(`${LINES.join('\n')}\n`)
})

test('what has no newline yet has no line', () => {
  expect(read('', linesBackwards)).toEqual([])
  expect(read('torn'.repeat(200_000), linesBackwards)).toEqual([])
  expect(read('\n\n', linesBackwards)).toEqual([
    { text: '', start: 1 },
    { text: '', start: 0 },
  ])
})

function read(text: string, lines: (fd: number) => Generator<FileLine>) {
  const directory = mkdtempSync(join(tmpdir(), 'bluegate-lines-'))
  const file = join(directory, 'lines')
  writeFileSync(file, text)
  const fd = openSync(file, 'r')
  try {
    return Array.from(lines(fd), ({ bytes, start }) => ({ text: bytes.toString(), start }))
  } finally {
    closeSync(fd)
    rmSync(directory, { recursive: true })
  }
}
