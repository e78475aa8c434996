/** ALTER by a role that holds little: it learns of no column that it may not know of. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ALLOWED_FUNCTIONS } from './allowed-functions.ts'
import { UNSTABLE_FUNCTIONS } from './unstable-functions.ts'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { testAuthority } from '../../test/fixtures/test-authority.ts'
import type { GrantText } from '../../test/fixtures/test-authority.ts'

let world: GateHarness

beforeEach(async () => {
  world = await GateHarness.open()
})

afterEach(() => world.engine.close())

function holding(...grants: readonly GrantText[]) {
  const common: readonly GrantText[] = ['CONNECT ON master', 'USAGE ON master.public']
  return { authority: testAuthority(world.catalog, [...common, ...grants]) }
}

const ON_NAME = 'DDL ON master.public.people (name)'
const MORE = [ON_NAME, 'SELECT ON master.public.people (name)'] as const
const ALL = ['DDL ON master.public.people', 'SELECT ON master.public.people'] as const

/** Each with the same about a column that is not there, and with what makes it right. */
test.each([
  ['ADD COLUMN ssn INTEGER', 'ADD COLUMN nothing INTEGER', 'ADD COLUMN other INTEGER'],
  [
    'ADD COLUMN IF NOT EXISTS ssn INTEGER',
    'ADD COLUMN IF NOT EXISTS nothing INTEGER',
    'ADD x INTEGER',
  ],
  ['DROP COLUMN ssn', 'DROP COLUMN nothing', 'DROP COLUMN name'],
  ['RENAME COLUMN ssn TO x', 'RENAME COLUMN nothing TO x', 'RENAME COLUMN name TO x'],
  ['ALTER COLUMN ssn SET NOT NULL', 'ALTER COLUMN nothing SET NOT NULL', 'ALTER name SET NOT NULL'],
  ['ALTER COLUMN ssn TYPE INTEGER', 'ALTER COLUMN nothing TYPE INTEGER', 'ALTER name TYPE VARCHAR'],
  ['ADD PRIMARY KEY (ssn)', 'ADD PRIMARY KEY (nothing)', 'ADD PRIMARY KEY (id)'],
])('%s tells nothing', async (action, missing, right) => {
  const told = async (text: string) => {
    const { kind, message } = await world.refusal(`ALTER TABLE people ${text}`, holding(...MORE))
    return [kind, message.replaceAll(/ssn|nothing/g, '…')]
  }
  expect(await told(action)).toEqual(await told(missing))
  await expect(
    world.authorize(`ALTER TABLE people ${right}`, holding(...ALL)),
  ).resolves.toMatchObject({ action: { tag: 'ALTER TABLE' } })
})

test('what is said of an expression over other columns is for those who may read them', async () => {
  const using = 'ALTER TABLE people ALTER name TYPE VARCHAR USING (salary + [1])'
  const refused = await world.refusal(using, holding(...MORE))
  expect([refused.kind, refused.message]).toEqual([
    'insufficient_privilege',
    expect.not.stringMatching(/INTEGER|salary/),
  ])
  const right = using.replace('[1]', '1')
  expect((await world.authorize(right, holding(...ALL))).text).toContain('USING')
})

test('what fails because of a value needs SELECT besides', async () => {
  for (const action of ['SET NOT NULL', 'TYPE INTEGER']) {
    const error = await world.refusal(`ALTER TABLE people ALTER name ${action}`, holding(ON_NAME))
    expect(error.message).toMatch(/SELECT on table 'master.public.people'/)
  }
  const free = await world.authorize(
    "ALTER TABLE people ALTER name SET DEFAULT 'x'",
    holding(ON_NAME),
  )
  expect(free.text).toContain('SET DEFAULT')
})

test('a renamed table needs CREATE where it is', async () => {
  const rename = 'ALTER TABLE people RENAME TO hidden'
  const refused = await world.refusal(rename, holding(...ALL))
  expect(refused.kind).toBe('insufficient_privilege') // and not that there is one of that name
  const may = holding(...ALL, 'CREATE ON master.public')
  expect((await world.refusal(rename, may)).kind).toBe('duplicate_table')
  expect((await world.authorize('ALTER TABLE people RENAME TO folk', may)).text).toContain('folk')
})

test('nothing to do needs the right to do it', async () => {
  const sql = 'ALTER TABLE people DROP COLUMN IF EXISTS nothing'
  const refused = await world.refusal(sql, holding('SELECT ON master.public.people'))
  expect(refused.kind).toBe('insufficient_privilege')
  expect((await world.authorize(sql, holding(ON_NAME))).action).toMatchObject({
    notices: [expect.stringMatching(/skipping$/)],
  })
})

/** The texts of what is permitted, without the name of the table. */
async function textsOf(actions: string, ...grants: readonly GrantText[]) {
  const { text, further } = await world.authorize(
    `ALTER TABLE people ${actions}`,
    holding(...grants),
  )
  return [text, ...further].map((one) => one.replace('"master"."public"."people" ', ''))
}

test('actions are done in the order of PostgreSQL, the values of new columns last', async () => {
  const actions = 'ADD d INTEGER DEFAULT 1 + 1, ALTER name SET DEFAULT 1, DROP d'
  const refused = await world.refusal(`ALTER TABLE people ${actions}`, holding(...ALL))
  expect(refused.kind).toBe('undefined_column') // it is dropped before it is added
  expect(
    await textsOf(
      'ADD name VARCHAR DEFAULT 2 + 3, ADD f INTEGER NOT NULL, ALTER f SET DEFAULT 7, ' +
        'ALTER salary TYPE BIGINT, DROP name',
      ...ALL,
    ),
  ).toEqual([
    'ALTER TABLE DROP COLUMN "name" RESTRICT',
    'ALTER TABLE ALTER COLUMN "salary" SET DATA TYPE BIGINT',
    'ALTER TABLE ADD COLUMN "name" VARCHAR',
    'ALTER TABLE ALTER COLUMN "name" SET DEFAULT ((2 + 3))',
    'ALTER TABLE ADD COLUMN "f" INTEGER',
    'ALTER TABLE ALTER COLUMN "f" SET NOT NULL',
    'ALTER TABLE ALTER COLUMN "f" SET DEFAULT (7)',
    'UPDATE SET "name" = ((2 + 3))',
  ])
})

test('a column that takes the place of a dropped one has a key of its own', async () => {
  const { action } = await world.authorize(
    'ALTER TABLE people ADD name INTEGER, other INTEGER, DROP name',
    holding(...ALL),
  )
  expect(action).toMatchObject({
    amends: [
      {
        kind: 'column keys',
        keys: [
          { column: 'name', key: 'name (2)' },
          { column: null, key: 'name' },
        ],
      },
    ],
  })
})

test('what is missing for any of the actions is listed at once', async () => {
  const error = await world.refusal(
    'ALTER TABLE people ALTER name SET NOT NULL, ADD x INTEGER',
    holding(ON_NAME),
  )
  expect(error.kind).toBe('insufficient_privilege')
  expect(error.message).toMatch(/SELECT on table .*, DDL on table/)
  const may = await textsOf('ALTER name SET NOT NULL, ADD x INTEGER', ...ALL)
  expect(may).toHaveLength(2)
})

test('DDL on columns is enough to change several of them', async () => {
  const more = 'DDL ON master.public.people (salary)'
  expect(await textsOf('DROP name, DROP salary', ON_NAME, more)).toHaveLength(2)
  const error = await world.refusal('ALTER TABLE people DROP name, DROP salary', holding(ON_NAME))
  expect(error.kind).toBe('undefined_column')
})

test('what tells whether there are rows needs SELECT on some column', async () => {
  const ddl = 'DDL ON master.public.people'
  for (const action of [
    'ADD x INTEGER NOT NULL',
    'ADD x INTEGER NOT NULL DEFAULT NULL',
    "ADD x INTEGER DEFAULT CAST('a' AS BIGINT)",
    'ADD x INTEGER, ALTER x SET NOT NULL',
    'ADD x INTEGER DEFAULT 1, ADD PRIMARY KEY (x)',
  ]) {
    const error = await world.refusal(`ALTER TABLE people ${action}`, holding(ddl))
    expect([action, error.message]).toEqual([action, expect.stringMatching(/SELECT on table/)])
    const texts = await textsOf(action, ddl, 'SELECT ON master.public.people (id)')
    expect(texts.length).toBeGreaterThan(0)
  }
  expect(await textsOf("ADD x INTEGER NOT NULL DEFAULT '1'", ddl)).toHaveLength(2)
})

test('a value of USING is the same when it is computed again', async () => {
  for (const value of [
    'random()',
    'now()',
    'current_date',
    'uuid()',
    'age(salary)',
    'ago(salary)',
  ]) {
    const error = await world.refusal(
      `ALTER TABLE people ALTER name TYPE VARCHAR USING (${value})`,
      holding(...ALL),
    )
    expect([value, error.kind]).toEqual([value, 'feature_not_supported'])
  }
  expect(await textsOf('ALTER name TYPE VARCHAR USING (lower(name))', ...ALL)).toHaveLength(1)
})

test('USING beside other actions names its own column alone', async () => {
  for (const value of ['salary', 'ssn', 'nothing']) {
    const sql = `ALTER TABLE people ADD x INTEGER, ALTER name TYPE VARCHAR USING (${value})`
    const error = await world.refusal(sql, holding(...ALL))
    expect([value, error.kind]).toEqual([value, 'feature_not_supported'])
  }
  const grants = ['DDL ON master.public.people', 'SELECT ON master.public.people (name)'] as const
  const own = 'ALTER name TYPE VARCHAR USING (lower(name))'
  expect(await textsOf(`ADD x INTEGER, ${own}`, ...grants)).toHaveLength(2)
  const alone = await world.refusal(`ALTER TABLE people ${own}`, holding(...grants))
  expect(alone.kind).toBe('insufficient_privilege')
})

test('every function of chance or of the clock is known', async () => {
  const rows = await world.engine.run(`
    SELECT DISTINCT function_name, coalesce(macro_definition, '') FROM duckdb_functions()
    WHERE stability <> 'CONSISTENT' OR macro_definition IS NOT NULL`)
  const isUnstable = (name: string) => UNSTABLE_FUNCTIONS.has(name)
  const unstable = rows.filter(([name = '', macro]) => {
    if (!ALLOWED_FUNCTIONS.has(name ?? '')) return false
    return macro === '' || [...UNSTABLE_FUNCTIONS].some((one) => macro?.includes(`${one}(`))
  })
  expect(unstable.map(([name]) => name ?? '').filter((name) => !isUnstable(name))).toEqual([])
})

test('a constant is the default of new rows and old ones, a computed one is filled in', async () => {
  expect(await textsOf("ADD c DATE DEFAULT DATE '2020-01-31'", ...ALL)).toEqual([
    `ALTER TABLE ADD COLUMN "c" DATE DEFAULT '2020-01-31'`,
  ])
  expect(await textsOf("ADD c VARCHAR DEFAULT lower('X')", ...ALL)).toEqual([
    'ALTER TABLE ADD COLUMN "c" VARCHAR',
    `ALTER TABLE ALTER COLUMN "c" SET DEFAULT (lower('X'))`,
    `UPDATE SET "c" = (lower('X'))`,
  ])
  for (const more of ['NOT NULL', ', ALTER c SET NOT NULL', ', ADD PRIMARY KEY (c)']) {
    const sql = `ALTER TABLE people ADD c VARCHAR DEFAULT uuid() ${more}`
    const error = await world.refusal(sql, holding(...ALL))
    expect([sql, error.kind]).toEqual([sql, 'feature_not_supported'])
  }
})
