/** A gateway that is killed in the middle of a load has loaded nothing, and keeps no file of it. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KillableGateway } from './killable-gateway.ts'

const CONTENT = Buffer.from(`id,text\n${'1,some text that is a little longer\n'.repeat(2_000_000)}`)

interface Load {
  readonly id: string
  readonly state: string
  readonly percent?: number
  readonly rowsLoaded?: number
}

const gateway = new KillableGateway()
const uploads = (): string[] => readdirSync(path.join(gateway.dataDir, 'uploads'))

beforeAll(() => gateway.start())
afterAll(() => gateway.stop())

async function started(): Promise<Load> {
  const where = '/api/v1/loads?format=csv&fileName=large.csv'
  const load = await gateway.control.upload<Load>(where, Readable.from([CONTENT]), CONTENT.length)
  const table = { database: 'master', schema: 'public', name: 'loaded' }
  return await gateway.control.post<Load>(`/api/v1/loads/${load.id}/start`, {
    table,
    mode: 'create',
  })
}

async function ended(id: string): Promise<Load> {
  for (;;) {
    const load = await gateway.control.get<Load>(`/api/v1/loads/${id}`)
    if (load.state !== 'running') return load
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Its records are looked through first; then the engine tells how far it is. */
async function untilInEngine(id: string): Promise<void> {
  for (;;) {
    const load = await gateway.control.get<Load>(`/api/v1/loads/${id}`)
    if (load.state !== 'running') throw new Error(`the load has ${load.state} already`)
    if (load.percent !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('the gateway is killed: no table, no file; and then the same file is loaded', async () => {
  await untilInEngine((await started()).id)
  expect(uploads()).toHaveLength(1)
  await gateway.killAndRecover('gateway')
  expect(uploads()).toEqual([])
  const { id } = await started() // refused, if the table were there
  expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsLoaded: 2_000_000 })
  for await (const _ of gateway.control.lines('/api/v1/sql', 'DROP TABLE public.loaded')) continue
})

test('the engine is killed: the load fails, its file stays, and it can be started again', async () => {
  const { id } = await started()
  await untilInEngine(id)
  await gateway.killAndRecover('engine')
  expect(await ended(id)).toMatchObject({ state: 'failed', error: { code: 'crash_shutdown' } })
  const table = { database: 'master', schema: 'public', name: 'loaded' }
  await gateway.control.post(`/api/v1/loads/${id}/start`, { table, mode: 'create' })
  expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsLoaded: 2_000_000 })
  expect(uploads()).toEqual([])
})
