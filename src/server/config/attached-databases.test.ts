/** Attached files: names for DuckDB files that are there, closed, and none of the gateway's. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSnapshot } from '../../catalog/build-snapshot.ts'
import { attachedMistakes, checkAttachedNames, realAttached } from './attached-databases.ts'
import { namedFiles } from './value-readers.ts'

let root: string

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bluegate-attached-')))
  for (const name of ['data', 'secrets', 'directory']) mkdirSync(join(root, name))
  for (const name of ['a.duckdb', 'open.duckdb', 'open.duckdb.wal', 'data/own.duckdb'])
    writeFileSync(join(root, name), '')
  symlinkSync(join(root, 'a.duckdb'), join(root, 'link'))
  symlinkSync(join(root, 'data/own.duckdb'), join(root, 'way'))
})

afterAll(() => rmSync(root, { recursive: true }))

function configOf(files: Record<string, string>) {
  const attached = Object.entries(files).map(([name, file]) => ({ name, file: join(root, file) }))
  return {
    'databases.attached': attached,
    dataDir: join(root, 'data'),
    secretsDir: join(root, 'secrets'),
  }
}

test('files that are there are taken, by their real paths', () => {
  const config = configOf({ one: 'a.duckdb', two: 'link' })
  expect(attachedMistakes(config, 'test')).toEqual([])
  expect(realAttached(config).map(({ file }) => file)).toEqual([
    join(root, 'a.duckdb'),
    join(root, 'a.duckdb'),
  ])
})

test('all that is wrong is told at once, each with its fix', () => {
  const config = configOf({
    gone: 'nothing',
    folder: 'directory',
    open: 'open.duckdb',
    own: 'data/own.duckdb',
    way: 'way',
    master: 'a.duckdb',
    pg_catalog: 'a.duckdb',
  })
  const outside = 'give a file outside of the data directory and of the directory of the keys'
  const readable = 'give a DuckDB file that exists, and that this user may read'
  const taken = 'choose another name: this one is taken by the system'
  expect(attachedMistakes(config, 'test').map(({ setting, fix }) => [setting, fix])).toEqual([
    ['databases.attached.gone', readable],
    ['databases.attached.folder', readable],
    [
      'databases.attached.open',
      'let the program that writes it close it first: its log (.wal) is still there',
    ],
    ['databases.attached.own', outside],
    ['databases.attached.way', outside],
    ['databases.attached.master', taken],
    ['databases.attached.pg_catalog', taken],
  ])
})

test.each([
  ['warehouse=/srv/w.duckdb', [{ name: 'warehouse', file: '/srv/w.duckdb' }]],
  [
    { a: '/a', b: '/b' },
    [
      { name: 'a', file: '/a' },
      { name: 'b', file: '/b' },
    ],
  ],
  ['', []],
])('%o is read', (raw, value) => {
  expect(namedFiles.read(raw)).toEqual({ ok: true, value })
})

test.each(['/srv/w.duckdb', 'W=/srv/w.duckdb', 'a=/x,a=/y', { '1': '/a' }])('%o is not', (raw) => {
  expect(namedFiles.read(raw).ok).toBe(false)
})

test('no schema has the name of an attached file, nor one of its schemas that of a database', () => {
  const catalog = (schemas: readonly [database: string, name: string][]) =>
    buildSnapshot({
      catalogVersion: 1,
      databases: [
        { id: 'a', name: 'master' },
        { id: 'b', name: 'warehouse', readOnly: true },
      ],
      schemas: schemas.map(([database, name]) => ({ id: `${database}.${name}`, database, name })),
      tables: [],
    })
  expect(() =>
    checkAttachedNames(
      catalog([
        ['master', 'public'],
        ['warehouse', 'main'],
      ]),
    ),
  ).not.toThrow()
  expect(() => checkAttachedNames(catalog([['master', 'Warehouse']]))).toThrow(
    'databases.attached.warehouse: the schema master.Warehouse has the name of a database',
  )
  expect(() => checkAttachedNames(catalog([['warehouse', 'master']]))).toThrow(
    'databases.attached.warehouse: the schema warehouse.master has the name of a database',
  )
})
