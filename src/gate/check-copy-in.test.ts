import { afterAll, beforeAll, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'

let world: GateHarness

beforeAll(async () => {
  world = await GateHarness.open()
})

afterAll(() => world.engine.close())

test('an INSERT of the columns that are named, in that order, of texts that are split', async () => {
  const permit = await world.authorize('COPY sales.orders (note, id) FROM STDIN')
  expect(permit.action).toEqual({
    kind: 'write',
    tag: 'COPY',
    takes: {
      table: 'orders',
      columns: [
        { name: 'note', typeName: 'VARCHAR', nullable: true },
        { name: 'id', typeName: 'INTEGER', nullable: true },
      ],
    },
  })
  await world.engine.run(permit.text, ['a~-~', '7~8~-', '~', '-'])
  const rows =
    'SELECT note, id, total FROM master.sales.orders WHERE id > 1 OR id IS NULL ORDER BY id NULLS LAST'
  expect(await world.engine.run(rows)).toEqual([
    ['a', '7', '0.00'],
    ['null', '8', '0.00'],
    ['', 'null', '0.00'],
  ])
})

test('INSERT and what it needs, and nothing else', async () => {
  const { requires } = await world.authorize('COPY inbox FROM STDIN')
  expect(requires.map(({ permission, name }) => `${permission} ${name}`)).toEqual([
    'CONNECT master',
    'USAGE master.public',
    'INSERT master.public.inbox',
  ])
})

test('without INSERT nothing is said of the columns', async () => {
  const [there, missing] = [
    await world.refusal('COPY people (ssn) FROM STDIN'),
    await world.refusal('COPY people (nothing) FROM STDIN'),
  ]
  expect(there.kind).toBe('insufficient_privilege')
  expect(missing.message).toBe(there.message)
  expect((await world.refusal('COPY inbox (nothing) FROM STDIN')).kind).toBe('undefined_column')
})

test('a hidden table is as one that is not there', async () => {
  const [hidden, missing] = [
    await world.refusal('COPY hidden FROM STDIN'),
    await world.refusal('COPY hiddem FROM STDIN'),
  ]
  expect([hidden.kind, hidden.message]).toEqual([
    missing.kind,
    missing.message.replace('hiddem', 'hidden'),
  ])
})

test.each([
  ['COPY inbox (id, ID) FROM STDIN', 'duplicate_column'],
  ['COPY inbox (id) FROM STDIN CSV FORCE NULL message', 'invalid_column_reference'],
  ['COPY inbox (id) FROM STDIN CSV FORCE NOT NULL message', 'invalid_column_reference'],
])('%s: %s', async (sql, kind) => {
  expect((await world.refusal(sql)).kind).toBe(kind)
})

test('what is named twice is said in the words of an INSERT', async () => {
  const { message } = await world.refusal('COPY inbox (id, message, ID) FROM STDIN')
  expect(message).toBe('column "id" specified more than once')
})

test('bytes come in base64', async () => {
  await world.run('CREATE TABLE sales.files (b BLOB)')
  const { text } = await world.authorize('COPY sales.files FROM STDIN', {
    authority: testAuthority(world.catalog, [
      'CONNECT ON master',
      'USAGE ON master.sales',
      'INSERT ON master.sales.files',
    ]),
  })
  expect(text).toContain('from_base64(')
})
