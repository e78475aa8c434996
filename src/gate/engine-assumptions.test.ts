/** What the gate takes for granted of the engine. A new version must pass before it is used. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GateHarness } from '../../test/fixtures/gate-harness.ts'
import {
  ALLOWED_FUNCTIONS,
  ALLOWED_OPERATORS,
  ALLOWED_TABLE_FUNCTIONS,
  BINDER_FUNCTIONS,
  DUPLICATING_FUNCTIONS,
} from './allowed-functions.ts'
import { isObject, parseEngineJson, toEngineJson } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { quoteName } from './quote-name.ts'
import { refusalReason } from './refused-functions.ts'
import { sameTree } from './same-tree.ts'
import { nodesOf } from './tree-node.ts'

let world: GateHarness

beforeAll(async () => {
  world = await GateHarness.open()
})

afterAll(() => world.engine.close())

async function functionNames(): Promise<string[]> {
  const rows = await world.engine.run(
    'SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE internal ORDER BY 1',
  )
  return rows.map(([name = '']) => name)
}

test('every function of the engine was read and judged (scripts/list-engine-functions.ts)', async () => {
  const allowed = (name: string) =>
    [ALLOWED_FUNCTIONS, ALLOWED_OPERATORS, ALLOWED_TABLE_FUNCTIONS].some((list) => list.has(name))
  const names = await functionNames()
  expect(names.filter((name) => !allowed(name) && refusalReason(name) === undefined)).toEqual([])
  expect(names.filter((name) => allowed(name) && refusalReason(name) !== undefined)).toEqual([])
  expect(
    [...ALLOWED_FUNCTIONS].filter((name) => !names.includes(name) && !WINDOWS.has(name)),
  ).toEqual([])
  expect([...BINDER_FUNCTIONS].filter((name) => ALLOWED_FUNCTIONS.has(name))).toEqual([])
})

/**
 * A name that was judged may come to mean more: another kind, another list of parameters. So all
 * that there is, is written down with the judgement, and a difference is to be read before the
 * list is written anew (vitest -u).
 */
test('the functions of the engine are those that were reviewed, with their kinds and parameters', async () => {
  const rows = await world.engine.run(`
    SELECT lower(function_name), function_type, schema_name,
      array_to_string(list_sort(list(DISTINCT '(' || array_to_string(list_transform(
        range(len(parameter_types)), lambda i: coalesce(parameter_types[i + 1], 'any')), ', ')
        || CASE WHEN varargs IS NULL THEN '' ELSE ', …' || varargs END || ')')), ' ')
    FROM duckdb_functions() WHERE internal GROUP BY ALL ORDER BY ALL`)
  const lines = rows.map(([name = '', kind, schema, parameters]) => {
    const verdict = refusalReason(name) === undefined ? 'allowed' : 'refused'
    return `${verdict} ${schema}.${name} ${kind} ${parameters}`
  })
  expect(lines.length).toBeGreaterThan(500)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./engine-functions.txt')
})

/** Parsed as functions, and known to the engine under no name of its own. */
const WINDOWS = new Set(['count_star'])

test('every macro that writes an argument more than once is known as one', async () => {
  const macros = await world.engine.run(`
    SELECT DISTINCT function_name, parameters::VARCHAR, macro_definition FROM duckdb_functions()
    WHERE internal AND function_type = 'macro' AND schema_name = 'main'`)
  const duplicating = macros.flatMap(([name = '', parameters = '', body = '']) => {
    const names = parameters.replaceAll(/[[\]' ]/g, '').split(',')
    const twice = names.some((parameter) => {
      const uses = body.match(new RegExp(`\\b${parameter}\\b`, 'g'))
      return parameter !== '' && (uses?.length ?? 0) > 1
    })
    return twice && ALLOWED_FUNCTIONS.has(name) ? [name] : []
  })
  // Names of parameters may stand in a body as other words too: those are no harm.
  expect(
    duplicating.filter((name) => !DUPLICATING_FUNCTIONS.has(name) && !HARMLESS.has(name)),
  ).toEqual([])
})

/** `contains(map_entries("map"), struct_pack("key" := "key", …))` and the like. */
const HARMLESS = new Set(['map_contains_entry', 'map_contains_value', 'date_add'])

test('a type of the engine can be named, unless it is one that nothing carries', async () => {
  const rows = await world.engine.run(
    'SELECT DISTINCT lower(type_name) FROM duckdb_types() WHERE internal ORDER BY 1',
  )
  const refused: string[] = []
  for (const [type = ''] of rows) {
    await world.authorize(`SELECT NULL::${type}`).catch(() => refused.push(type))
  }
  expect(refused).toEqual(UNNAMED_TYPES)
})

/** Composed types need their parts; the others have no text that every encoder carries. */
const UNNAMED_TYPES = [
  'array',
  'enum',
  'geometry',
  'list',
  'map',
  'null',
  'row',
  'struct',
  'type',
  'union',
  'variant',
]

test('a name is printed so that it is read back, wherever it stands', async () => {
  const names = [
    '"a b"',
    '"a""b"',
    '"a\'b"',
    '"select"',
    '"x, y"',
    '"a) FROM t --"',
    '"1a"',
    '"é;ü"',
  ]
  const places = [
    (name: string) => `SELECT 1 AS ${name}`,
    (name: string) => `SELECT * FROM t AS ${name}`,
    (name: string) => `SELECT * FROM t AS x(${name})`,
    (name: string) => `WITH ${name} AS (SELECT 1) SELECT * FROM ${name}`,
    (name: string) => `WITH z(${name}) AS (SELECT 1) SELECT * FROM z`,
    (name: string) => `SELECT * FROM t JOIN u USING (${name})`,
    (name: string) => `SELECT * EXCLUDE (${name}) FROM t`,
    (name: string) => `SELECT * REPLACE (1 AS ${name}) FROM t`,
    (name: string) => `SELECT * RENAME (a AS ${name}) FROM t`,
    (name: string) => `SELECT x.${name}.b FROM t`,
    (name: string) => `SELECT * FROM a.${name}.t`,
    (name: string) => `SELECT struct_pack(${name} := 1)`,
    (name: string) => `SELECT NULL::STRUCT(${name} INTEGER)`,
    (name: string) => `SELECT list_transform([1], lambda ${name}: 1)`,
    (name: string) => `UNPIVOT t ON a INTO NAME ${name} VALUE v`,
    (name: string) => `PIVOT t ON a IN (1 AS ${name}) USING sum(b) AS ${name} GROUP BY ${name}`,
    (name: string) => `WITH RECURSIVE ${name} AS (SELECT 1 UNION SELECT 1) FROM ${name}`,
    (name: string) => `SELECT * FROM range(3) AS ${name}(x)`,
    (name: string) => `SELECT * FROM (SELECT 1) AS x(${name})`,
  ]
  const wrong: string[] = []
  for (const text of places.flatMap((place) => names.map(place))) {
    if (!(await readsBack(text))) wrong.push(text)
  }
  expect(wrong).toEqual([])
})

test('the name of a star is printed without its quotes: why the gate gives it with them', async () => {
  expect(await readsBack('SELECT "a".* FROM t')).toBe(true)
  expect(await readsBack('SELECT "a, b".* FROM t')).toBe(false)
})

test('doubles and decimals without a fraction are printed as other types: why they become casts', async () => {
  expect(await readsBack('SELECT 1e300')).toBe(true)
  expect(await readsBack('SELECT 12345678912345.68e0')).toBe(false)
  expect(await readsBack('SELECT 5.')).toBe(false)
})

test('the parser counts places in characters, its tree in bytes', async () => {
  const parse = world.engine.introspection.parse("SELECT '🙂é', nope FROM FROM")
  await expect(parse).rejects.toMatchObject({ position: 24 })
  const [statement] = await statementsOf("SELECT '🙂é', nope")
  expect(JSON.stringify(statement)).toContain('"query_location":17,"column_names":["nope"]')
})

test('a parameter without a type leaves the engine without a plan, and unharmed', async () => {
  const plan = await world.engine.introspection.plan('SELECT $1')
  expect(plan).toContain('"error_type":"internal"')
  expect(await world.run('SELECT 1')).toEqual([['1']])
})

async function statementsOf(text: string): Promise<JsonObject[]> {
  const tree = parseEngineJson(await world.engine.introspection.parse(text))
  return isObject(tree) ? nodesOf(tree, 'statements') : []
}

async function readsBack(text: string): Promise<boolean> {
  const statements = await statementsOf(text)
  const [printed = ''] = await world.engine.introspection.deparse([
    toEngineJson({ error: false, statements }),
  ])
  const again = await statementsOf(printed).catch(() => [])
  return sameTree(withQuotedStars(statements), again)
}

/** `sameTree` expects the names of stars as the gate gives them to the printer. */
function withQuotedStars(value: Json): Json {
  if (Array.isArray(value)) return value.map(withQuotedStars)
  if (!isObject(value)) return value
  const name = value['relation_name']
  const quoted = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withQuotedStars(part)]),
  )
  return typeof name === 'string' && name !== ''
    ? { ...quoted, relation_name: quoteName(name) }
    : quoted
}
