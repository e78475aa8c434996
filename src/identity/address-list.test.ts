import { expect, test } from 'vitest'
import { isListed, parseAddressList } from './address-list.ts'

test.each([
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.4', false],
  ['10.1.0.0/16', '10.1.255.255', true],
  ['10.1.0.0/16', '10.2.0.0', false],
  ['10.1.0.0/16', '::ffff:10.1.2.3', true],
  ['::ffff:10.1.0.0/112', '10.1.2.3', true],
  ['::ffff:10.1.0.0/112', '10.2.2.3', false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['0.0.0.0/0', 'local', false],
  ['0.0.0.0/0', '', false],
])('%s lists %s: %s', (entry, address, expected) => {
  expect(isListed(parseAddressList([entry]), address)).toBe(expected)
})

test.each([
  '',
  'example.org',
  '10.1.2',
  '10.1.2.3/33',
  '10.1.2.3/-1',
  '10.1.2.3/8/8',
  '::1/129',
  '10.0.0.0/8x',
])('an entry %j is refused by name', (entry) => {
  expect(() => parseAddressList(['10.0.0.1', entry])).toThrow(`"${entry}" is neither`)
})

test('a list beyond its bound is refused', () => {
  expect(() => parseAddressList(Array.from({ length: 101 }, (_, i) => `10.0.0.${i}`))).toThrow(
    '100',
  )
})
