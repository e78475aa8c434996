import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeToken, parseToken, TOKEN_PATTERN } from './token.ts'

test('a token that was made is read again, with its id', () => {
  for (let i = 0; i < 200; i += 1) {
    const token = makeToken()
    expect(token.text).toMatch(TOKEN_PATTERN)
    expect(parseToken(token.text)).toEqual(token)
    expect(token.text).toHaveLength('bluegate_'.length + 12 + 1 + 43 + 6)
    expect(token.text.slice(9, 21)).toBe(token.id)
  }
})

test('two tokens share neither id nor secret', () => {
  const tokens = Array.from({ length: 500 }, () => makeToken())
  expect(new Set(tokens.map(({ id }) => id)).size).toBe(500)
  expect(new Set(tokens.map(({ text }) => text.slice(22, 65))).size).toBe(500)
})

test('every typo of one character is found by the checksum', () => {
  const { text } = makeToken()
  for (let at = 0; at < text.length; at += 1) {
    const typo = text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1)
    expect(parseToken(typo)).toBeUndefined()
  }
})

test('two neighbours that changed places are found by the checksum', () => {
  const { text } = makeToken()
  for (let at = 22; at < text.length - 1; at += 1) {
    const swapped = `${text.slice(0, at)}${text[at + 1]}${text[at]}${text.slice(at + 2)}`
    expect(swapped === text || parseToken(swapped) === undefined).toBe(true)
  }
})

test('what is longer, shorter, padded or not text of ours is no token', () => {
  const { text } = makeToken()
  const huge = text.repeat(100_000)
  for (const wrong of ['', text.slice(1), `${text} `, `\n${text}`, text.toUpperCase(), huge]) {
    expect(parseToken(wrong)).toBeUndefined()
  }
})

test('a token whose characters are replaced by any others is no token', () => {
  const { text } = makeToken()
  const change = fc.tuple(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }))
  fc.assert(
    fc.property(change, ([at, by]) => {
      const altered = text.slice(0, at) + by + text.slice(at + by.length)
      expect(altered === text || parseToken(altered) === undefined).toBe(true)
    }),
  )
})
