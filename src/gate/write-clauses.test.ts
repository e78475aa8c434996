/**
 * The clauses of a write, judged by themselves: pieces that are more than they seem, such as a head that
 * was cut wrongly would hand over. Through the whole gate other checks come first.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contextOf } from '../../test/fixtures/gate-context.ts'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import { present } from '../base/assert.ts'
import { ParameterTypes } from './parameter-types.ts'
import { checkClauses } from './write-clauses.ts'
import type { CheckedClauses } from './write-clauses.ts'

let world: GateHarness
beforeAll(async () => {
  world = await GateHarness.open()
})
afterAll(() => world.engine.close())

interface Texts {
  readonly values?: readonly string[]
  readonly list?: string
  readonly from?: string
  readonly where?: string
}

async function check({ values = [], list, from, where }: Texts): Promise<CheckedClauses> {
  const text = [...values, list, from, where].filter((part) => part !== undefined).join(' ')
  const piece = (part: string | undefined) => {
    const start = part === undefined ? -1 : text.indexOf(part)
    return part === undefined ? undefined : { start, end: start + part.length }
  }
  const context = contextOf(world, text)
  const table = present(world.catalog.table('master', 'sales', 'stock'), 'stock')
  const clauses = {
    values: values.map((value) => ({
      piece: present(piece(value), 'a value'),
      typeName: 'VARCHAR',
    })),
    list: piece(list),
    from: piece(from),
    where: piece(where),
  }
  return await checkClauses(context, new ParameterTypes(), { table, alias: undefined }, clauses, [])
}

test.each<[string, Texts]>([
  ['a value that is two', { values: ['1), (2'] }],
  ['two values that are three', { values: ['1', '2), (3'] }],
  ['a value that brings its own FROM', { values: ['1) FROM master.public.flights --'] }],
  ['a condition that brings a grouping', { where: 'true) GROUP BY (amount' }],
  ['a condition that brings an order', { where: 'true) ORDER BY (amount' }],
  ['a condition that brings HAVING', { where: 'true) HAVING (count(*) > 0' }],
  ['a condition that brings QUALIFY', { where: 'true) QUALIFY (true' }],
  ['a list that brings its own FROM', { list: 'id FROM master.public.people --' }],
  ['a list that brings a condition', { list: 'id FROM master.sales.stock WHERE true --' }],
  ['a list that brings another alias', { list: 'id FROM master.sales.stock AS other --' }],
  ['a FROM that brings a condition', { from: 'people p WHERE true' }],
  ['a FROM that brings a sample', { from: 'people p USING SAMPLE 1' }],
  ['a FROM that takes the target into a join', { list: 'id FROM people,', from: 'people p' }],
])('%s is seen by its shape', async (_what, texts) => {
  await expect(check(texts)).rejects.toMatchObject({ kind: 'syntax_error' })
})

test.each<[string, Texts, Partial<CheckedClauses>]>([
  ['values', { values: ['(1)', '2 + 3'] }, { values: ['1', '(2 + 3)'] }],
  ['a condition', { where: '(true) OR (id > 1)' }, { where: "(CAST('t' AS BOOLEAN) OR (id > 1))" }],
  ['a list', { list: 'id, item AS what' }, { list: 'id, item AS what' }],
  [
    'a FROM',
    { from: 'people p, flights' },
    {
      from: 'master.public.people AS p, master.public.flights',
    },
  ],
])('%s of that form are printed', async (_what, texts, printed) => {
  expect(await check(texts)).toMatchObject(printed)
})
