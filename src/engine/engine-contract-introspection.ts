/** Of the parser and binder that the gate asks. Part of `engine-contract.ts`. */
import { expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import type { EngineHarness } from './engine-contract-harness.ts'

export function engineIntrospectionContract(h: () => EngineHarness): void {
  test('text becomes a tree and text again, and a plan names the columns that it reads', async () => {
    const { introspection } = h().engine
    const tree = await introspection.parse('select a from master.public.w where a > 1')
    const { text, plan } = await introspection.regenerate(tree, tree)
    expect(text).toMatch(/^SELECT a FROM master\."?public"?\.w WHERE \(a > 1\)$/)
    expect(JSON.parse(plan)).toMatchObject({ error: false })
    expect(await introspection.deparse([tree, tree])).toEqual([text, text])
    expect((await introspection.regenerate(tree, tree, [], [tree])).parts).toEqual([text])
    expect(await introspection.plan(text)).toContain('"names":["a"]')
  })

  test('what does not parse is a syntax error with its place, in characters', async () => {
    await expect(
      h().engine.introspection.parse(`select 'ä€\u{1f600}' from from`),
    ).rejects.toMatchObject({ kind: 'syntax_error', position: 19 })
  })

  test('a question that takes its time holds up no other', async () => {
    const { introspection } = h().engine
    const columns = Array.from({ length: 200 }, (_, at) => `1 AS c${at}`).join(', ')
    const everything = Array.from({ length: 200 }, () => '*').join(', ')
    const answered: string[] = []
    const slow = introspection.plan(`SELECT ${everything} FROM (SELECT ${columns}) AS t`)
    const ask = async (text: string) => {
      await introspection.parse(text)
      answered.push(text)
    }
    await Promise.all([
      slow.then(() => answered.push('slow')),
      ask('SELECT 1').then(() => ask('SELECT 2')),
      ask('SELECT 3'),
    ])
    expect(answered.at(-1)).toBe('slow')
    expect(answered).toHaveLength(4)
  })

  test('what the engine refuses leaves the next question alone', async () => {
    const { introspection } = h().engine
    const { generation } = h().engine
    await expect(introspection.deparse(['no tree'])).rejects.toBeInstanceOf(GatewayError)
    await expect(introspection.plan('SELECT 1 FROM nowhere')).rejects.toMatchObject({
      kind: 'undefined_table',
    })
    expect(JSON.parse(await introspection.plan('SELECT 1'))).toMatchObject({ error: false })
    expect(h().engine.generation).toBe(generation)
  })

  test('trees hold every text, and are told apart', async () => {
    const { introspection } = h().engine
    const texts = [`SELECT e'a\\nb\\x1e\\\\'`, `SELECT 'c\nd'`, 'SELECT 1']
    const trees = await Promise.all(texts.map((text) => introspection.parse(text)))
    const printed = await introspection.deparse(trees)
    expect(printed).toHaveLength(3)
    expect(await Promise.all(printed.map((text) => introspection.parse(text)))).toEqual(
      await Promise.all(printed.map((_, at) => introspection.parse(texts[at] ?? ''))),
    )
    expect(await introspection.deparse([])).toEqual([])
  })

  test('a stub stands in a plan with its columns, and is gone afterwards', async () => {
    const columns = [{ name: 'a b', typeName: 'STRUCT("x y" INTEGER)' }]
    const { introspection } = h().engine
    const over = await introspection.parse('SELECT s."a b" FROM temp.main."stub 1" AS s')
    const other = await introspection.parse('SELECT 1')
    for (const _ of [1, 2]) {
      const found = await introspection.regenerate(other, over, [{ name: 'stub 1', columns }])
      expect(found.text).toBe('SELECT 1')
      expect(found.plan).toContain('"names":["a b"]')
    }
    await expect(introspection.regenerate(other, over)).rejects.toMatchObject({
      kind: 'undefined_table',
    })
  })

  test('a stub in a transaction with definitions is no part of it', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().defineOn(on, 'CREATE TABLE master.public.own (z INTEGER)', { registers: ['own'] })
    const stub = { name: 'stub', columns: [{ name: 'a', typeName: 'INTEGER' }] }
    const tree = await on.introspection.parse('SELECT s.a FROM temp.main.stub s, master.public.own')
    const { plan } = await on.introspection.regenerate(tree, tree, [stub])
    expect(plan).toContain('"stub"')
    await expect(on.introspection.plan('FROM temp.main.stub')).rejects.toMatchObject({
      kind: 'undefined_table',
    })
    await on.rollback()
  })

  test('a session sees the definitions of its own transaction in its plans', async () => {
    const on = await h().session()
    await on.begin('read committed', false)
    await h().defineOn(on, 'CREATE TABLE master.public.own (z INTEGER)', { registers: ['own'] })
    expect(await on.introspection.plan('SELECT z FROM master.public.own')).toContain('"z"')
    await expect(
      h().engine.introspection.plan('SELECT z FROM master.public.own'),
    ).rejects.toMatchObject({ kind: 'undefined_table' })
    await on.rollback()
  })
}
