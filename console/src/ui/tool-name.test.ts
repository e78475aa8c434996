import { expect, test } from 'vitest'
import { givenName, toolName } from './tool-name.ts'

test('a tool that gave no name is said to have none', () => {
  expect([undefined, '', 'unknown'].map(givenName)).toEqual([undefined, undefined, undefined])
  expect([undefined, '', 'unknown'].map(toolName)).toEqual(Array(3).fill('an unnamed tool'))
  expect([givenName('psql'), toolName('psql')]).toEqual(['psql', 'psql'])
})
