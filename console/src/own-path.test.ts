import { expect, test } from 'vitest'
import { isOwnPath } from './own-path.ts'

test.each(['/', '/settings/audit?user=bi', '/data'])('%s is a page of ours', (address) => {
  expect(isOwnPath(address)).toBe(true)
})

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  undefined,
  7,
])('%s is not', (address) => {
  expect(isOwnPath(address)).toBe(false)
})
