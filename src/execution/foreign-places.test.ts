/** What a client is told when a file cannot be read. */
import { expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import type { FilePlace } from '../base/gateway-error.ts'
import type { PermittedFiles } from '../identity/permit.ts'
import { errorOfFile } from './foreign-places.ts'

const SALES: PermittedFiles = {
  tableId: 't',
  name: 'sales',
  format: 'csv',
  location: 'lake',
  path: '*.csv',
  directory: '/srv/lake',
  columns: [],
  told: true,
}

function told(place: FilePlace | undefined, files: readonly PermittedFiles[]) {
  const thrown = new GatewayError('data_exception', 'canary "/srv/lake/a.csv"', {
    ...(place && { place }),
  })
  const { kind, message, detail } = errorOfFile(thrown, { files }) ?? {}
  return [kind, message, detail]
}

test('table, file inside the location, and line', () => {
  expect(told({ path: '/srv/lake/y/a.csv', line: 7 }, [SALES])).toEqual([
    'data_exception',
    'foreign table "sales": a record cannot be read',
    'In file "lake/y/a.csv", line 7.',
  ])
  expect(told({ path: '/srv/lake/a.csv', column: 'n' }, [SALES])).toEqual([
    'invalid_text_representation',
    'foreign table "sales": a value does not fit column "n"',
    'In file "lake/a.csv".',
  ])
})

test.each([
  ['to whom the files are not told', '/srv/lake/a.csv', { ...SALES, told: false }],
  ['of a file that is none of the table’s', '/etc/passwd', SALES],
  ['of a neighbour with a longer name', '/srv/lake-2/a.csv', SALES],
])('no more than that a file cannot be read: %s', (_, path, files) => {
  expect(told({ path, line: 1, column: 'n' }, [files])).toEqual([
    'invalid_text_representation',
    'a file of a foreign table cannot be read',
    undefined,
  ])
})

test('an error about no file, or without foreign tables, is not touched', () => {
  expect(told(undefined, [SALES])).toEqual([undefined, undefined, undefined])
  expect(told({ path: '/srv/lake/a.csv' }, [])).toEqual([undefined, undefined, undefined])
})
