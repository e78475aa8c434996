import { expect, test } from 'vitest'
import { formatCsvRow } from './format-csv.ts'
import { printable } from './printable.ts'

test('what a terminal would obey is shown as an escape', () => {
  expect(printable('a\u001b[2Jb\u009b1m')).toBe('a\\u001b[2Jb\\u009b1m')
  expect(printable('abc\u202edef')).toBe('abc\\u202edef')
})

test('text of any language, and line feeds, stay as they are', () => {
  expect(printable('Zürich 東京 🚀\nnext')).toBe('Zürich 東京 🚀\nnext')
})

test('CSV tells NULL from the empty string, and quotes what needs it', () => {
  expect(formatCsvRow([null, '', 'a"b', 'c,d', 'e\nf', 1.5, true, [1]])).toBe(
    ',"","a""b","c,d","e\nf",1.5,true,[1]\r\n',
  )
})
