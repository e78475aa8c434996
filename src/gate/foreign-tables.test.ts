/** A foreign table shows files of a location, as their columns say, and its owner answers for it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { WORLD_GRANTS } from '../../test/fixtures/gate-world.ts'
import { WORLD_FILE_GRANTS } from '../../test/fixtures/gate-world-files.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'
import type { Authority } from '../identity/authority.ts'

let world: GateHarness

beforeEach(async () => {
  world = await GateHarness.open()
})

afterEach(() => world.engine.close())

const OVER = "WRAPPER csv_fdw OPTIONS (LOCATION = 'open/sub/a.csv'"
const csv = (name: string, columns: string, more = '') =>
  `CREATE FOREIGN TABLE sales.${name} (${columns}) ${OVER}${more})`

function write(name: string, content: string): void {
  writeFileSync(join(world.directoryOf('open'), name), content)
}

/** Of another role, which holds nothing but this. */
function reader(grant: GrantText): Authority {
  const grants: readonly GrantText[] = ['CONNECT ON master', 'USAGE ON master.sales', grant]
  return testAuthority(world.catalog, grants, { roleId: 'role-reader' })
}

function ownerWithout(lost: GrantText): Authority {
  const kept = [...WORLD_GRANTS, ...WORLD_FILE_GRANTS].filter((grant) => grant !== lost)
  return testAuthority(world.catalog, kept, { version: 2 })
}

test('whoever may read the table reads it without USAGE on the location', async () => {
  await world.run(csv('a', 'id INT, t TEXT'))
  const authority = reader('SELECT ON master.sales.a')
  expect(await world.run('SELECT * FROM sales.a', { authority })).toEqual([['1', 'one']])
})

test('when the owner loses USAGE on the location, nobody reads it', async () => {
  await world.run(csv('a', 'id INT, t TEXT'))
  const error = await world.refusal('SELECT * FROM sales.a', {
    authority: reader('SELECT ON master.sales.a'),
    owner: ownerWithout('USAGE ON LOCATION open'),
  })
  expect([error.kind, error.message]).toEqual([
    'object_not_in_prerequisite_state',
    'foreign table "a" cannot be read now',
  ])
  expect(error.hint).not.toContain('open')
})

test('a permit names what the owner must go on having, and the files', async () => {
  await world.run(csv('a', 'id INT, t TEXT'))
  const { requires, files } = await world.authorize('SELECT id FROM sales.a')
  const lines = requires.map(({ permission, name, holder }) => [permission, name, holder])
  expect(lines).toContainEqual(['USAGE', 'open', 'role-tester'])
  expect(files).toMatchObject([{ location: 'open', path: 'sub/a.csv', name: 'a', told: true }])
})

test('what is wrong with a file is for those who may read all of the table, and name it', async () => {
  const told = async (sql: string) => (await world.authorize(sql)).files.map((file) => file.told)
  await world.run(csv('a', 'id INT, t TEXT'))
  await world.run('CREATE VIEW sales.over_a AS SELECT id FROM sales.a')
  expect(await told('SELECT id FROM sales.a')).toEqual([true])
  expect(await told('SELECT id FROM sales.over_a')).toEqual([false])
  expect(await told('SELECT v.id FROM sales.over_a v, sales.a')).toEqual([true])
  expect(await told('SELECT id FROM file_people')).toEqual([false])
})

test('a location without USAGE is refused as one that is not there', async () => {
  const [closed, nowhere] = await Promise.all(
    ['closed', 'nowhere'].map((name) => world.refusal(csv('x', 'a TEXT').replace('open', name))),
  )
  expect(closed?.kind).toBe('undefined_object')
  expect(closed?.message.replace('closed', 'nowhere')).toBe(nowhere?.message)
  expect(closed?.hint).toBe(nowhere?.hint)
})

test('CSV values become values of the columns, exactly, or an error', async () => {
  write(
    'all.csv',
    [
      '1;yes;0.30;2024-02-29;2024-02-29 10:00:00;text',
      ';;;;;',
      '\\N;\\N;\\N;\\N;\\N;""',
      ' 7 ;0;-1;0001-01-01;2024-02-29T10:00;"a;""b"',
    ].join('\n'),
  )
  await world.run(
    `CREATE FOREIGN TABLE sales.v (i INT, b BOOL, d NUMERIC(5,2), day DATE, at TIMESTAMP, t TEXT)
       WRAPPER csv_fdw OPTIONS (LOCATION = 'open/all.csv', DELIMITER = ';')`,
  )
  expect(await world.run('SELECT * FROM sales.v')).toEqual([
    ['1', 'true', '0.30', '2024-02-29', '2024-02-29 10:00:00', 'text'],
    ['null', 'null', 'null', 'null', 'null', 'null'],
    ['null', 'null', 'null', 'null', 'null', ''],
    ['7', 'false', '-1.00', '0001-01-01', '2024-02-29 10:00:00', 'a;"b'],
  ])
})

const MISFITS = [
  ['INT', '1.5'],
  ['INT', 'x'],
  ['INT', '""'],
  ['INT', '9999999999'],
  ['NUMERIC(4,2)', '1.005'],
  ['DATE', '2024-02-30'],
  ['DATE', '29.02.2024'],
  ['BOOL', '2'],
  ['DOUBLE', '0.1234567890123456789'],
  ['TEXT', 'a\0b'],
] as const

test.each(MISFITS)('a CSV value that %s does not keep is an error: %s', async (type, value) => {
  write('misfit.csv', `1,${value}\n`)
  await world.run(
    `CREATE FOREIGN TABLE sales.v (id TEXT, v ${type}) WRAPPER csv_fdw OPTIONS (LOCATION = 'open/misfit.csv')`,
  )
  expect(await world.run('SELECT id FROM sales.v')).toEqual([['1']])
  await expect(world.run('SELECT v FROM sales.v')).rejects.toThrow(
    'bluegate bad value {"column":"v"',
  )
})

const JSON_MISFITS = [
  ['INT', '1.5'],
  ['INT', '"1"'],
  ['INT', 'true'],
  ['INT', '99999999999'],
  ['DOUBLE', '9007199254740993'],
  ['DOUBLE', '"1"'],
  ['BOOL', '1'],
  ['TEXT', '1'],
  ['TEXT', '{"a":1}'],
  ['DATE', '"2024-02-30"'],
] as const

test.each(JSON_MISFITS)('a JSON value that is no %s is an error: %s', async (type, value) => {
  write('misfit.json', `{"v":null}\n{"v":${value}}\n`)
  await world.run(
    `CREATE FOREIGN TABLE sales.v (v ${type}) WRAPPER json_fdw OPTIONS (LOCATION = 'open/misfit.json')`,
  )
  await expect(world.run('SELECT v FROM sales.v')).rejects.toThrow(
    'bluegate bad value {"column":"v"',
  )
})

test('JSON values become values of the columns', async () => {
  write('fit.json', '{"i":-1,"d":0.1,"b":true,"t":"a\\"b","day":"2024-02-29"}\n{"other":1}\n')
  await world.run(
    `CREATE FOREIGN TABLE sales.v (i BIGINT, d DOUBLE, b BOOL, t TEXT, day DATE)
       WRAPPER json_fdw OPTIONS (LOCATION = 'open/fit.json')`,
  )
  expect(await world.run('SELECT * FROM sales.v')).toEqual([
    ['-1', '0.1', 'true', 'a"b', '2024-02-29'],
    ['null', 'null', 'null', 'null', 'null'],
  ])
})

test('Parquet columns are those of the files, by name and type', async () => {
  const file = join(world.directoryOf('open'), 'p.parquet')
  await world.engine.run(`COPY (SELECT 1::BIGINT AS n, 'x' AS "T") TO '${file}' (FORMAT parquet)`)
  const make = (columns: string) =>
    `CREATE OR REPLACE FOREIGN TABLE sales.p ${columns} WRAPPER parquet_fdw OPTIONS (LOCATION = 'open/p.parquet')`
  await world.run(make(''))
  expect(await world.run('SELECT * FROM sales.p')).toEqual([['1', 'x']])
  await world.run(make('("T" TEXT)'))
  expect(await world.run('SELECT * FROM sales.p')).toEqual([['x']])
  expect((await world.refusal(make('(n INTEGER)'))).kind).toBe('datatype_mismatch')
  expect((await world.refusal(make('(t TEXT)'))).kind).toBe('undefined_column')
})

test.each([
  "INSERT INTO file_people VALUES (3, 'x', 'y')",
  "UPDATE file_people SET name = 'x'",
  'DELETE FROM file_people',
  'TRUNCATE file_people',
  'UPDATE sales.stock SET item = p.name FROM file_people p WHERE p.id = stock.id',
  'DELETE FROM sales.stock USING file_people p WHERE p.id = stock.id',
])('refused by name, to a superuser too: %s', async (sql) => {
  const authority = testAuthority(world.catalog, [], { superuser: true })
  expect((await world.refusal(sql, { authority })).kind).toBe('feature_not_supported')
})

test('an option that is given twice is refused', async () => {
  const error = await world.refusal(csv('a', 'id INT, t TEXT', ', OFFSET = 1, OFFSET = 1'))
  expect(error.message).toBe('the option OFFSET is given twice')
})
