/** Of results: columns, rows, parameters, shapes. Part of `engine-contract.ts`. */
import { expect, test } from 'vitest'
import { drain, NEVER, type EngineHarness } from './engine-contract-harness.ts'

export function engineResultsContract(h: () => EngineHarness): void {
  test('a small result has its columns and its rows', async () => {
    const portal = await h().run(`SELECT 1 AS a, 'x' AS "b c", NULL::DATE AS d`)
    expect(portal.columns).toEqual([
      { name: 'a', type: { kind: 'integer' } },
      { name: 'b c', type: { kind: 'varchar' } },
      { name: 'd', type: { kind: 'date' } },
    ])
    expect(await drain(portal)).toEqual({ rows: [[1, 'x', null]], count: undefined })
  })

  test('an empty result still has its columns', async () => {
    const portal = await h().run('SELECT a FROM master.public.w WHERE false')
    expect(portal.columns).toEqual([{ name: 'a', type: { kind: 'integer' } }])
    expect(await drain(portal)).toEqual({ rows: [], count: undefined })
  })

  test('every row of a large result arrives once and in order', async () => {
    const rows = await h().rowsOf(`SELECT i::INTEGER FROM range(300000) r(i)`)
    expect(rows.length).toBe(300_000)
    expect(rows.every(([value], index) => value === index)).toBe(true)
  })

  test('the end of a result stays its end', async () => {
    const portal = await h().run('SELECT 1')
    await drain(portal)
    expect(await portal.next()).toEqual({ kind: 'complete', count: undefined })
  })

  test('parameters reach the statement by number', async () => {
    const on = await h().session()
    const permit = h().under.permit(
      'SELECT $2::VARCHAR AS b, $1::INTEGER + 1 AS a',
      h().engine.catalogVersion,
    )
    const portal = await on.run(
      permit,
      {
        parameters: [
          { kind: 'text', value: '41' },
          { kind: 'text', value: 'x' },
        ],
        format: { kind: 'json_lines' },
        rowsMax: 0,
      },
      NEVER,
    )
    expect((await drain(portal)).rows).toEqual([['x', 42]])
  })

  test('describe tells columns and parameters and runs nothing', async () => {
    const on = await h().session()
    const shape = await on.describe(
      h().under.permit(
        'SELECT a, $1::BIGINT AS b FROM master.public.w WHERE a = $2',
        h().engine.catalogVersion,
      ),
    )
    expect(shape.columns.map((column) => column.name)).toEqual(['a', 'b'])
    expect(shape.parameterTypes).toEqual(['BIGINT', 'INTEGER'])
  })

  test('a statement that does not bind fails with its kind and leaves the session usable', async () => {
    const on = await h().session()
    await expect(h().run('SELECT nosuch FROM master.public.w', { on })).rejects.toMatchObject({
      kind: 'undefined_column',
    })
    await expect(h().run('SELECT * FROM master.public.nosuch', { on })).rejects.toMatchObject({
      kind: 'undefined_table',
    })
    expect(await h().rowsOf('SELECT 1', { on })).toEqual([[1]])
  })
}
