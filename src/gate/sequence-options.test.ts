import { expect, test } from 'vitest'
import { tokenize } from '../sql/lexer.ts'
import { TokenCursor } from '../sql/token-cursor.ts'
import { checkNameable, readSequenceOptions, sequenceOptionsText } from './sequence-options.ts'

function read(text: string): string {
  const cursor = new TokenCursor(text, tokenize(text))
  const options = sequenceOptionsText(readSequenceOptions(cursor))
  cursor.expectEnd()
  return options
}

const [MOST, LEAST] = ['9223372036854775807', '-9223372036854775808']

test.each([
  ['', `INCREMENT BY 1 MINVALUE 1 MAXVALUE ${MOST} START WITH 1 NO CYCLE`],
  ['INCREMENT -1', `INCREMENT BY -1 MINVALUE ${LEAST} MAXVALUE -1 START WITH -1 NO CYCLE`],
  ['START 0 MINVALUE 0', `INCREMENT BY 1 MINVALUE 0 MAXVALUE ${MOST} START WITH 0 NO CYCLE`],
  [
    'MAXVALUE 9 START WITH 3 INCREMENT BY 2 CYCLE CACHE 1 AS bigint OWNED BY NONE',
    'INCREMENT BY 2 MINVALUE 1 MAXVALUE 9 START WITH 3 CYCLE',
  ],
  [
    'NO MINVALUE NO MAXVALUE NO CYCLE',
    `INCREMENT BY 1 MINVALUE 1 MAXVALUE ${MOST} START WITH 1 NO CYCLE`,
  ],
])(
  '%s: in the order that the engine needs, whatever the order they are written in',
  (text, all) => {
    expect(read(text)).toBe(all)
  },
)

test.each([
  ['INCREMENT 0', 'INCREMENT must not be zero'],
  ['START 0', 'START value (0) cannot be less than MINVALUE (1)'],
  ['MAXVALUE 5 START 6', 'START value (6) cannot be greater than MAXVALUE (5)'],
  ['MINVALUE 5 MAXVALUE 5', 'MINVALUE (5) must be less than MAXVALUE (5)'],
  ['CACHE 0', 'CACHE (0) must be greater than zero'],
  ['CACHE 20', 'CACHE of more than 1 is not supported'],
  ['AS integer', 'a sequence AS integer is not supported'],
  ['OWNED BY t.a', 'OWNED BY a column is not supported'],
  ['START 1 START 2', 'conflicting or redundant options'],
  ['START 9223372036854775808', 'value "9223372036854775808" is out of range for type bigint'],
  ['START 1.5', 'syntax error at or near "1.5"'],
  ['RESTART', 'RESTART of a sequence is not supported'],
])('%s: %s', (text, message) => {
  expect(() => read(text)).toThrow(message)
})

test('a name that the engine would read as another one is refused', () => {
  expect(() => checkNameable('master', 'sales', 'in"voices')).toThrow('not supported')
  checkNameable('master', 'sales', `it's \\ . fine`)
})

test('one that would come round to its own values is refused, and room makes it fine', () => {
  expect(() => read(`MINVALUE ${LEAST}`)).toThrow('begin again')
  expect(() => read('INCREMENT 1099511627776')).toThrow('begin again')
  expect(read(`MINVALUE ${LEAST} MAXVALUE 100 START 1`)).toContain(LEAST)
  expect(read('INCREMENT 1099511627776 CYCLE')).toContain('1099511627776')
})
