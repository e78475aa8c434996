/** Which files a path in a location stands for, and that nothing leads out of it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesOf } from './location-files.ts'

let root: string
let directory: string

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bluegate-files-')))
  directory = join(root, 'in')
  for (const name of ['in', 'in/a', 'in/b', 'in/.git', 'in/c.csv', 'out', 'in-2']) {
    mkdirSync(join(root, name))
  }
  const files = [
    '1.csv',
    '2.csv',
    'x[1].csv',
    '.hidden.csv',
    'a/d.csv',
    'b/d.csv',
    '.git/d.csv',
    'b/é.csv',
  ]
  for (const name of files) writeFileSync(join(directory, name), '')
  writeFileSync(join(root, 'out', 'd.csv'), '')
  writeFileSync(join(root, 'in-2', 'd.csv'), '')
  const links: Record<string, string> = {
    'to-file.txt': join(root, 'out', 'd.csv'),
    'to-neighbour.txt': join(root, 'in-2', 'd.csv'),
    'to-way': join(root, 'out'),
    'to-nothing.txt': join(root, 'nothing'),
    'to-self.txt': join(directory, 'to-self.txt'),
    'within.txt': join(directory, 'a', 'd.csv'),
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(directory, name))
})

afterAll(() => rmSync(root, { recursive: true }))

function found(path: string, place = directory): string[] {
  return filesOf({ format: 'csv', directory: place, path }).map((file) => relative(directory, file))
}

test.each([
  ['1.csv', ['1.csv']],
  ['?.csv', ['1.csv', '2.csv']],
  ['*.csv', ['1.csv', '2.csv', 'x[1].csv']],
  ['x[1].csv', ['x[1].csv']],
  ['.h*', ['.hidden.csv']],
  ['?/d.csv', ['a/d.csv', 'b/d.csv']],
  ['a/*', ['a/d.csv']],
  ['b/?.csv', ['b/d.csv', 'b/é.csv']],
  ['within.txt', ['a/d.csv']],
  ['?/é.csv', ['b/é.csv']],
])('%s', (path, files) => {
  expect(found(path)).toEqual(files)
})

test.each([
  'nothing.csv',
  'n*.csv',
  'a',
  '1.csv/d.csv',
  '1.csv/*',
  'to-file.txt',
  'to-f*',
  'to-neighbour.txt',
  'to-way/d.csv',
  'to-way/*',
  'to-w*/d.csv',
  'to-nothing.txt',
  'to-no*',
  'to-self.txt',
  'to-*.txt',
  'a/../../out/d.csv',
  '*/d.csv',
])('%s is no file of the location', (path) => {
  expect(() => found(path)).toThrow('there is no such file in the location')
})

test('a location that became a link to elsewhere has no files', () => {
  const place = join(root, 'moved')
  symlinkSync(join(root, 'out'), place)
  expect(() => found('d.csv', place)).toThrow('there is no such file')
  rmSync(place)
})
