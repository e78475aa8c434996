/** Functions of users: what a call becomes, whose rights it needs, and what may not be made of one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { CANARY, WORLD_GRANTS } from '../../test/fixtures/gate-world.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import { buildSnapshot } from '../catalog/build-snapshot.ts'
import type { CatalogSnapshot, FunctionEntry } from '../catalog/catalog-snapshot.ts'
import type { GatewayError } from '../base/gateway-error.ts'

let world: GateHarness

beforeAll(async () => {
  world = await GateHarness.open()
})

afterAll(() => world.engine.close())

const create = (head: string, body: string) =>
  `CREATE OR REPLACE FUNCTION ${head} AS $$ ${body} $$ LANGUAGE SQL`

/** The world with these functions, and no others. */
function withFunctions(functions: readonly FunctionEntry[]): CatalogSnapshot {
  return {
    ...world.catalog,
    version: world.catalog.version + 1_000,
    functions,
    function: (_, name) => functions.find((one) => one.name === name.toLowerCase()),
  }
}

const told = ({ kind, message, detail, hint, position }: GatewayError) =>
  JSON.stringify([kind, message, detail, hint, position])

test('what runs holds no name of a function of users', async () => {
  const { text } = await world.authorize('SELECT area(id, 2) FROM flights')
  expect(text).not.toMatch(/area\(/)
  expect(text).toContain('list_transform')
  expect(
    await world.run('SELECT area(id, 2) FROM flights WHERE area(id, 2) > 2 ORDER BY 1'),
  ).toEqual([['4'], ['6']])
})

test('an argument is computed once for each row', async () => {
  await world.run(create('nought(x DOUBLE) RETURNS DOUBLE', 'SELECT x - x'))
  await world.run(create('kept(x DOUBLE) RETURNS DOUBLE', 'SELECT x'))
  const rows = await world.run(
    'SELECT bool_and(nought(random()) = 0), count(DISTINCT kept(random())) FROM range(50)',
  )
  expect(rows).toEqual([['true', '50']])
})

test('names of the statement are not caught by the body, nor those of the body by the statement', async () => {
  await world.run(
    create(
      'each(l STRUCT(v INTEGER)[], x INTEGER) RETURNS INTEGER[]',
      'SELECT list_transform(l, lambda e: e.v + x)',
    ),
  )
  const from = 'FROM (SELECT 7 AS v, 10 AS e, 20 AS "function arguments") AS e'
  expect(await world.run(`SELECT each([{v: 1}], e.e) ${from}`)).toEqual([['11']])
  expect(await world.run(`SELECT each([{v: 1}], "function arguments") ${from}`)).toEqual([['21']])
})

test('a call stands in every clause of a write', async () => {
  const fresh = await GateHarness.open()
  for (const text of [
    `INSERT INTO sales.stock AS s (id, item, amount) VALUES (1, lone('nail'), area(2, 3))
       ON CONFLICT (id) DO UPDATE SET amount = area(s.amount, EXCLUDED.amount)`,
    `MERGE INTO sales.stock s USING (SELECT area(1, 2) AS id) n ON s.id = n.id
       WHEN MATCHED AND area(s.id, 1) = 2 THEN UPDATE SET amount = area(s.amount, 10)`,
    'DELETE FROM sales.stock WHERE area(id, 1) = 3',
  ]) {
    await fresh.run(text)
  }
  expect(await fresh.run('SELECT id, amount FROM sales.stock ORDER BY id')).toEqual([
    ['1', '60'],
    ['2', '200'],
  ])
  const returned = await fresh.run(
    'UPDATE sales.stock SET amount = 1 WHERE id = 1 RETURNING area(amount, 7), lone(item)',
  )
  expect(returned).toEqual([['7', 'NAIL']])
  fresh.engine.close()
})

test('a function without any right looks, to the byte, like one that is not there', async () => {
  const without = withFunctions(world.catalog.functions.filter(({ name }) => name !== 'cipher'))
  const different: string[] = []
  for (const sql of [
    "SELECT cipher('x')",
    "SELECT public.cipher('x')",
    'SELECT cipher(name) FROM people',
    'SELECT cipher()',
    'FROM cipher(1)',
    'SELECT cipher(1) OVER ()',
    'SELECT cipher(x := 1)',
    'DROP FUNCTION cipher',
    create('user_of_it() RETURNS VARCHAR', "SELECT cipher('x')"),
    "CREATE VIEW sales.user_of_it AS SELECT cipher('x') AS c",
  ]) {
    const there = await world.refusal(sql)
    const gone = await world.refusal(sql, { catalog: without })
    if (told(there) !== told(gone) || CANARY.test(told(there))) different.push(sql)
  }
  expect(different).toEqual([])
})

test('all that is missing is told at once, the right to call too', async () => {
  const refusal = await world.refusal('SELECT drafted(salary) FROM people')
  expect(refusal.message).toBe(
    "Missing the following permissions: EXECUTE on function 'master.drafted', SELECT on column 'master.public.people.salary'",
  )
})

test('a permit says what was called', async () => {
  const { requires } = await world.authorize('SELECT area(1, 2), lone($$x$$)')
  const calls = requires.filter(({ permission }) => permission === 'EXECUTE')
  expect(calls.map(({ name }) => name)).toEqual(['master.area', 'master.lone'])
})

describe('who makes a function', () => {
  const text = create('novel() RETURNS INTEGER', 'SELECT 1')

  test('needs CREATE FUNCTION on the database', async () => {
    const authority = testAuthority(
      world.catalog,
      WORLD_GRANTS.filter((grant) => grant !== 'CREATE FUNCTION ON master'),
    )
    expect((await world.refusal(text, { authority })).message).toBe(
      "Missing the following permissions: CREATE FUNCTION on database 'master'",
    )
    expect((await world.authorize(text)).action).toMatchObject({
      registers: [{ kind: 'function', name: 'novel', ownerRole: 'role-tester', uses: [] }],
    })
  })

  test('needs DDL on one that is replaced, and becomes its owner', async () => {
    const other = create('lone(x VARCHAR) RETURNS VARCHAR', 'SELECT x')
    expect((await world.refusal(other)).message).toBe(
      "Missing the following permissions: DDL on function 'master.lone'",
    )
    const { action } = await world.authorize(
      create('drafted(x INTEGER) RETURNS INTEGER', 'SELECT 0'),
    )
    expect(action).toMatchObject({
      registers: [],
      amends: [
        { kind: 'owner', ownerRole: 'role-tester' },
        { kind: 'definition', definition: { returns: 'INTEGER', source: ' SELECT 0 ' } },
        { kind: 'uses', uses: [] },
      ],
    })
  })

  test('needs another name than one that is there', async () => {
    const taken = "CREATE FUNCTION lone(x VARCHAR) RETURNS VARCHAR AS 'SELECT x' LANGUAGE SQL"
    expect((await world.refusal(taken)).kind).toBe('duplicate_function')
  })
})

test('dropping needs DDL, and EXECUTE is not enough', async () => {
  expect((await world.refusal('DROP FUNCTION lone')).message).toBe(
    "Missing the following permissions: DDL on function 'master.lone'",
  )
  expect((await world.authorize('DROP FUNCTION drafted')).action).toMatchObject({
    unregisters: ['function master.drafted'],
  })
})

describe('what is made of a function', () => {
  const calling = create('calling(x INTEGER) RETURNS BIGINT', 'SELECT area(x, 2)')
  const view = 'CREATE OR REPLACE VIEW sales.of_area AS SELECT area(1, 2) AS n'

  beforeAll(async () => {
    await world.run(calling)
    await world.run(view)
  })

  test('needs the right of its owner, for as long as it is used', async () => {
    expect(await world.run('SELECT calling(2), n FROM sales.of_area')).toEqual([['4', '2']])
    const held = [
      ...WORLD_GRANTS,
      'EXECUTE ON FUNCTION master.calling',
      'SELECT ON master.sales.of_area',
    ] as const
    const authority = testAuthority(world.catalog, held, { roleId: 'role-other', version: 2 })
    const owner = testAuthority(
      world.catalog,
      held.filter((grant) => grant !== 'EXECUTE ON FUNCTION master.area'),
      { version: 3 },
    )
    const ask = { authority, owner }
    expect((await world.refusal('SELECT calling(2)', ask)).message).toBe(
      'function "calling" cannot be called now',
    )
    expect((await world.refusal('SELECT n FROM sales.of_area', ask)).message).toBe(
      'view "of_area" cannot be read now',
    )
    const { requires } = await world.authorize('SELECT calling(2), n FROM sales.of_area', {
      authority,
    })
    const ofOwner = requires.filter(({ permission }) => permission === 'EXECUTE')
    expect(ofOwner.map(({ name, holder }) => [name, holder])).toEqual([
      ['master.calling', undefined],
      ['master.area', 'role-tester'],
    ])
  })

  test('keeps it from being dropped or replaced, and names what may be known', async () => {
    const refusal = await world.refusal('DROP FUNCTION area')
    expect([refusal.kind, refusal.message, refusal.detail]).toEqual([
      'dependent_objects_still_exist',
      'cannot drop function area because other objects depend on it',
      'Made of it: function calling, view master.sales.of_area, 1 that you may not know of.',
    ])
    const replaced = create('area(x INTEGER, y INTEGER) RETURNS BIGINT', 'SELECT 0')
    expect((await world.refusal(replaced)).kind).toBe('dependent_objects_still_exist')
  })

  test('is of no use once the function is another one, or gone', async () => {
    for (const functions of [
      world.catalog.functions.map((one) =>
        one.name === 'area' ? { ...one, revision: 'another' } : one,
      ),
      world.catalog.functions.filter(({ name }) => name !== 'area'),
    ]) {
      const ask = { catalog: withFunctions(functions) }
      const kinds = [
        (await world.refusal('SELECT calling(2)', ask)).kind,
        (await world.refusal('SELECT n FROM sales.of_area', ask)).kind,
      ]
      expect(kinds).toEqual(Array(2).fill('object_not_in_prerequisite_state'))
    }
  })
})

test('a function that calls itself is refused, also through the one before it', async () => {
  await world.run(create('again(x INTEGER) RETURNS INTEGER', 'SELECT x'))
  const self = create('again(x INTEGER) RETURNS INTEGER', 'SELECT again(x)')
  expect((await world.refusal(self)).message).toBe('a function that calls itself is not supported')
  await world.run(create('twice_over(x INTEGER) RETURNS INTEGER', 'SELECT again(again(x))'))
  const round = create('again(x INTEGER) RETURNS INTEGER', 'SELECT twice_over(x)')
  expect((await world.refusal(round)).kind).toBe('dependent_objects_still_exist')
})

test.each([
  ['SELECT area(x := 1, y := 2)', 'an argument by its name is not supported'],
  ['FROM area(1, 2)', 'the function area in FROM is not supported'],
  ['SELECT area(1, 2) OVER ()', '"area" is not an aggregate'],
  ['SELECT area(DISTINCT 1, 2)', '"area" is not an aggregate'],
  ['SELECT area(1)', 'function area with 1 argument does not exist'],
])('%s is refused for what it is', async (sql, message) => {
  expect((await world.refusal(sql)).message).toBe(message)
  expect(world.alerts).toEqual([])
})

test('functions upon functions end before they are too much for the engine', async () => {
  await world.run(create('grow_0(x BIGINT) RETURNS BIGINT', `SELECT ${'x + '.repeat(40)}x`))
  const growing = (from: number) => {
    const calls = Array(6).fill(`grow_${from}(x)`).join(' + ')
    return create(`grow_${from + 1}(x BIGINT) RETURNS BIGINT`, `SELECT ${calls}`)
  }
  await world.run(growing(0))
  expect((await world.refusal(growing(1))).kind).toBe('statement_too_complex')
  const many = (count: number) => `SELECT ${Array(count).fill('grow_1(1)').join(', ')}`
  expect((await world.refusal(many(20))).kind).toBe('statement_too_complex')
  expect((await world.authorize(many(2))).action.kind).toBe('read')
})

test('the limits of texts hold for the body in its string', async () => {
  const nested = (depth: number) =>
    create('commented() RETURNS INTEGER', `SELECT 1 ${'/*'.repeat(depth)}${'*/'.repeat(depth)}`)
  const ask = { catalog: withFunctions([]) } // whose names would be looked for in it
  expect((await world.refusal(nested(65), ask)).kind).toBe('statement_too_complex')
  expect((await world.authorize(nested(64), ask)).action.kind).toBe('define')
})

test('a place in the body is told as one in the statement', async () => {
  const text = create('placed() RETURNS INTEGER', 'SELECT nothing_of_that_name()')
  const { message, position } = await world.refusal(text)
  expect(message).toBe('function nothing_of_that_name does not exist')
  expect(text.slice((position ?? 0) - 1)).toMatch(/^nothing_of_that_name/)
})

test('a snapshot finds functions by name whatever its case', () => {
  const [area] = world.catalog.functions.filter(({ name }) => name === 'area')
  expect(world.catalog.function('MASTER', 'Area')).toBe(area)
  const definitions = { catalogVersion: 1, databases: [], schemas: [], tables: [] }
  expect(buildSnapshot(definitions).functions).toEqual([])
})
