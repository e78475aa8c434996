/** ALTER by a role that holds little: it learns of no column that it may not know of. */
import { afterEach, beforeEach, expect, test } from 'vitest'
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
    notice: expect.stringMatching(/skipping$/) as string,
  })
})

test('a new column has a constant as its default', async () => {
  for (const value of ["lower('X')", 'now()', '1 + 1', "CAST('1' AS BIGINT)"]) {
    const error = await world.refusal(
      `ALTER TABLE people ADD c INTEGER DEFAULT ${value}`,
      holding(...ALL),
    )
    expect([value, error.kind]).toEqual([value, 'feature_not_supported'])
  }
  const { text } = await world.authorize(
    "ALTER TABLE people ADD c DATE DEFAULT DATE '2020-01-31'",
    holding(...ALL),
  )
  expect(text).toMatch(/ADD COLUMN "c" DATE DEFAULT '2020-01-31'$/)
})
