import { expect, test } from 'vitest'
import { inTheConsole } from './in-the-console.ts'

test.each([
  [
    'Designate another client for Jobs first: bluegate client designate-jobs NAME',
    'Choose another client in the column Jobs of the page Access Tokens first.',
  ],
  ['bluegate user list shows all.', 'The page Users shows all users.'],
  [
    'The setting tokens.show decides. A lost token is replaced with: bluegate client regenerate NAME',
    'The setting tokens.show decides. Regenerate it on the page of the client, and copy the new one into the tool.',
  ],
])('a command becomes its place in the console: %s', (hint, shown) => {
  expect(inTheConsole(hint)).toBe(shown)
})

test.each([
  'Choose another name.',
  'Copy the whole access token, from "bluegate_" to its last character.',
  'Run: bluegate backup FILE, and back up the secrets directory as well.',
])('what the console has no place for stays: %s', (hint) => {
  expect(inTheConsole(hint)).toBe(hint)
})
