import { expect, test } from 'vitest'
import { PGWIRE_LIMITS } from '../../protocol/pgwire/pgwire-limits.ts'
import { pgWireLimitsOf } from '../pgwire-limits-of.ts'
import { CONFIG_KEYS, CONFIG_NAMES, variableName } from './config-keys.ts'
import { parseConfig } from './parse-config.ts'

test('every default is read by its own reader', () => {
  const unread = CONFIG_NAMES.filter((name) => {
    const { default: text, reader } = CONFIG_KEYS[name]
    return text !== undefined && !reader.read(text).ok
  })
  expect(unread).toEqual([])
})

test('no two settings share a variable', () => {
  expect(new Set(CONFIG_NAMES.map(variableName)).size).toBe(CONFIG_NAMES.length)
})

test('the default limits of the PostgreSQL door are those that it has by itself', () => {
  const parsed = parseConfig([])
  expect(parsed.ok && pgWireLimitsOf(parsed.config)).toEqual(PGWIRE_LIMITS)
})
