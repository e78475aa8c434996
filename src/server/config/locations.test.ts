/** Locations: names for directories that are there, apart from the data and from each other. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { locationMistakes, realLocations } from './locations.ts'
import { namedDirectories } from './value-readers.ts'

let root: string

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bluegate-locations-')))
  for (const name of ['data', 'data/samples', 'secrets', 'a', 'a/b', 'c'])
    mkdirSync(join(root, name))
  writeFileSync(join(root, 'file'), '')
  symlinkSync(join(root, 'c'), join(root, 'link'))
  symlinkSync(join(root, 'data'), join(root, 'way'))
})

afterAll(() => rmSync(root, { recursive: true }))

function mistakes(directories: Record<string, string>): string[] {
  const locations = Object.entries(directories).map(([name, directory]) => {
    return { name, directory: join(root, directory) }
  })
  const config = { locations, dataDir: join(root, 'data'), secretsDir: join(root, 'secrets') }
  return locationMistakes(config, 'test').map(({ setting, fix }) => `${setting}: ${fix}`)
}

test('directories that are there are taken, by their real paths', () => {
  expect(mistakes({ one: 'a', two: 'link' })).toEqual([])
  const locations = [{ name: 'two', directory: join(root, 'link') }]
  expect(realLocations({ locations })).toEqual([{ name: 'two', directory: join(root, 'c') }])
})

test('all that is wrong is told at once, each with its fix', () => {
  expect(
    mistakes({
      gone: 'nothing',
      file: 'file',
      inside: 'data/samples',
      around: '.',
      same: 'way',
      keys: 'secrets',
      samples: 'c',
      a: 'a',
      b: 'a/b',
    }),
  ).toEqual([
    'locations.gone: give a directory that exists, and that this user may read',
    'locations.file: give a directory that exists, and that this user may read',
    'locations.inside: choose a directory that is not inside the data directory, nor around it',
    'locations.around: choose a directory that is not inside the data directory, nor around it',
    'locations.same: choose a directory that is not inside the data directory, nor around it',
    'locations.keys: choose a directory that is not inside the directory of the keys, nor around it',
    'locations.samples: choose another name: samples is the directory of the sample files',
    'locations.b: choose a directory that is not inside location a, nor around it',
  ])
})

test.each([
  ['reports=/srv/reports, x_1=/srv/x=y', ['reports /srv/reports', 'x_1 /srv/x=y']],
  [{ reports: '/srv/reports' }, ['reports /srv/reports']],
  ['', []],
  ['/srv/reports', undefined],
  ['Reports=/srv', undefined],
  ['1a=/srv', undefined],
  ['a-b=/srv', undefined],
  ['a=', undefined],
  ['a=/srv,a=/tmp', undefined],
  [{ a: 1 }, undefined],
  [['a=/srv'], undefined],
  [{ ['a'.repeat(64)]: '/srv' }, undefined],
])('%j', (raw, expected) => {
  const read = namedDirectories.read(raw)
  const found = read.ok
    ? read.value.map(({ name, directory }) => `${name} ${directory}`)
    : undefined
  expect(found).toEqual(expected)
})
