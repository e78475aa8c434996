import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packColumns } from './pack-columns.ts'

/** As the engine's `string_split` and the statement's CASE read it. */
function unpack(columns: readonly (readonly (string | null)[])[]): (string | null)[][] {
  const texts = packColumns(columns).map((one) => (one.kind === 'text' ? one.value : null))
  const [separator, nullMark] = texts.slice(-2)
  return texts
    .slice(0, -2)
    .map((packed) =>
      packed === null
        ? []
        : packed.split(String(separator)).map((value) => (value === nullMark ? null : value)),
    )
}

test('values come out as they went in: empty ones, NULL, and what looks like a separator', () => {
  const columns = [
    ['', null, 'a', ''],
    ['\u001f', '\u001e', null, 'x\u001fy'],
    ['NULL', '\u001d\u001c', null, '\u001d'],
  ]
  expect(unpack(columns)).toEqual(columns)
})

test('no values at all are no row', () => {
  expect(packColumns([[], []]).slice(0, 2)).toEqual([{ kind: 'null' }, { kind: 'null' }])
})

test('with every control character in the values there is a separator still', () => {
  const all = Array.from({ length: 31 }, (_, at) => String.fromCharCode(at + 1))
  const columns = [[...all, all.join(''), '\u0001\u0002\u0003', null, '\u0001\u0002']]
  expect(unpack(columns)).toEqual(columns)
})

test('whatever the values are', () => {
  const value = fc.option(
    fc.string({ unit: fc.constantFrom('a', '\u001f', '\u001e', '\u001d', '\u0001', '\u0002') }),
  )
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
      expect(unpack([values])).toEqual([values])
    }),
  )
})
