import { describe, expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import { isPreparable } from './read-prepare.ts'
import { readStatements } from './read-statements.ts'

const read = (text: string) => readStatements(text, 'postgres')[0]

function position(text: string): number | undefined {
  try {
    read(text)
  } catch (error) {
    if (error instanceof GatewayError && error.kind === 'syntax_error') return error.position
    throw error
  }
  throw new Error(`was read: ${text}`)
}

describe('PREPARE', () => {
  test('what is prepared is a statement with its place in the client’s text', () => {
    expect(read('SELECT 1; PREPARE "P" AS select $1;')).toMatchObject({ kind: 'engine' })
    const [, prepare] = readStatements('SELECT 1; PREPARE "P" AS select $1;', 'postgres')
    expect(prepare).toMatchObject({
      kind: 'prepare',
      name: 'P',
      types: [],
      text: 'PREPARE "P" AS select $1',
      statement: { kind: 'engine', form: 'select', text: 'select $1', start: 25 },
    })
  })

  test('types are told by their names alone', () => {
    const types =
      'int, Numeric(10, 2), varchar(3)[], timestamp(3) with time zone, double precision, text[2][], "char"'
    expect(read(`prepare p (${types}) as select 1`)).toMatchObject({
      types: [
        'int',
        'numeric',
        'varchar[]',
        'timestamp with time zone',
        'double precision',
        'text[]',
        'char',
      ],
    })
  })

  test.each([
    ['select 1', 'select'],
    ['(select 1)', 'select'],
    ['values (1)', 'select'],
    ['with x as (select 1) delete from t', 'delete'],
    ['insert into t values ($1)', 'insert'],
    ['update t set a = $1', 'update'],
    ['merge into t using u on true when matched then delete', 'merge'],
  ])('of %s', (text, form) => {
    expect(read(`prepare p as ${text}`)).toMatchObject({ kind: 'prepare', statement: { form } })
  })

  test.each([
    ['prepare', 8],
    ['prepare p', 10],
    ['prepare p as', 13],
    ['prepare p () as select 1', 12],
    ['prepare p (int as select 1', 16],
    ["prepare p (int('x')) as select 1", 16],
    ['prepare p select 1', 11],
    ['prepare p as create table t (i int)', 14],
    ['prepare p as execute q', 14],
    ['prepare p as prepare q as select 1', 14],
    ['prepare p as begin', 14],
    ['prepare p as copy t to stdout', 14],
  ])('a mistake has its place: %s', (text, at) => expect(position(text)).toBe(at))

  test('of what the gateway answers itself it is refused by name', () => {
    expect(read('prepare p as select get_role_permissions()')).toMatchObject({
      kind: 'unsupported',
      name: 'PREPARE of this statement',
    })
  })
})

describe('EXECUTE', () => {
  test('constants are told apart from what has to be computed', () => {
    const text = `execute "P" ('it''s', E'a\\nb', $$c$$, NULL, 7, -2.5, true, 1 + 1, f(1, 2), x'ff', 'a' || 'b', (3), 1e3)`
    const statement = read(text)
    expect(statement).toMatchObject({ kind: 'engine', form: 'execute', name: 'P' })
    const given =
      statement?.kind === 'engine' && statement.form === 'execute' && statement.arguments
    expect(given).toMatchObject([
      { start: 13, constant: { kind: 'string', text: "it's" } },
      { constant: { kind: 'string', text: 'a\nb' } },
      { constant: { kind: 'string', text: 'c' } },
      { constant: { kind: 'null' } },
      { constant: { kind: 'number', text: '7' } },
      { constant: { kind: 'number', text: '-2.5' } },
      { constant: { kind: 'boolean', text: 'true' } },
      {},
      {},
      {},
      {},
      {},
      {},
    ])
    expect(given && given.slice(7).every(({ constant }) => constant === undefined)).toBe(true)
    expect(given && text.slice(given[8]?.start)).toMatch(/^f\(1, 2\)/)
  })

  test('without arguments', () => {
    expect(read('execute p')).toMatchObject({ form: 'execute', name: 'p', arguments: [] })
  })

  test.each([
    ['execute', 8],
    ['execute p ()', 12],
    ['execute p (1', 13],
    ['execute p (1,)', 14],
    ['execute p (, 1)', 12],
    ['execute p (1) (2)', 15],
    ['execute p (1) from t', 15],
    ['execute a.b', 10],
  ])('a mistake has its place: %s', (text, at) => expect(position(text)).toBe(at))
})

test('only queries and writes of rows may be prepared', () => {
  const preparable = (text: string): boolean => {
    const statement = read(text)
    return statement !== undefined && isPreparable(statement)
  }
  expect(preparable('select 1')).toBe(true)
  const others = ['begin', 'truncate t', 'explain select 1', 'copy t to stdout', 'execute p']
  expect(others.filter(preparable)).toEqual([])
})
