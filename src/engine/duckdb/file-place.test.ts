/** Which file an error is about, from the texts of the engine and of foreign tables' own queries. */
import { expect, test } from 'vitest'
import { BAD_VALUE } from '../file-variable.ts'
import { filePlace } from './file-place.ts'

test.each([
  [
    'Invalid Input Error: CSV Error on Line: 2\nOriginal Line: 2\nExpected Number of Columns: 2 Found: 1\n\n  file = /srv/a b.csv\n  delimiter = ,',
    { path: '/srv/a b.csv', line: 2 },
  ],
  [
    'Invalid Input Error: JSON transform error in file "/srv/a.json", in line 3: Expected OBJECT',
    { path: '/srv/a.json', line: 3 },
  ],
  [
    'Invalid Input Error: Malformed JSON in file "/srv/a.json", at byte 6 in line 3: unexpected end',
    { path: '/srv/a.json', line: 3 },
  ],
  [
    "Invalid Input Error: No magic bytes found at end of file '/srv/a.parquet'",
    { path: '/srv/a.parquet' },
  ],
  [
    `Invalid Input Error: ${BAD_VALUE}{"column":"n","path":"/srv/a.csv"}\n\nLINE 1: …`,
    { path: '/srv/a.csv', column: 'n' },
  ],
  ["Conversion Error: Could not convert string 'x' to INT32", undefined],
  [`Invalid Input Error: ${BAD_VALUE}{"column":1}`, undefined],
  [`Invalid Input Error: ${BAD_VALUE}no JSON`, undefined],
])('%s', (message, place) => {
  expect(filePlace(message)).toEqual(place)
})
