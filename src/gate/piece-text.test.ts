import { expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import { characterPosition } from '../sql/text-position.ts'
import { PieceText } from './piece-text.ts'

const SOURCE = 'update t set a = 😀b where c'
const b = { start: SOURCE.indexOf('😀'), end: SOURCE.indexOf(' where') }
const c = { start: SOURCE.indexOf('c', 20), end: SOURCE.length }

function textOf(): PieceText {
  return new PieceText(SOURCE).own('SELECT (').take(b).own(') WHERE (').take(c).own(')')
}

function moved(at: string): unknown {
  const query = textOf()
  const position = characterPosition(query.text, query.text.indexOf(at))
  const error = new GatewayError('undefined_column', 'no', { position, hint: 'look' })
  const thrown = query.inSource(error)
  return thrown instanceof GatewayError ? [thrown.position, thrown.hint] : thrown
}

test('parts of the client’s and ours are one text', () => {
  expect(textOf().text).toBe('SELECT (😀b) WHERE (c)')
})

test('a position in a part is told in the client’s text, in characters', () => {
  expect(moved('b)')).toEqual([19, 'look'])
  expect(moved('c)')).toEqual([27, 'look'])
})

test('a position in our words is not told', () => {
  expect(moved('SELECT')).toEqual([undefined, 'look'])
})

test('other errors stay as they are', () => {
  const plain = new Error('x')
  expect(textOf().inSource(plain)).toBe(plain)
})
