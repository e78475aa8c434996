import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../src/base/log.ts'
import { parseConfig } from '../../src/server/config/parse-config.ts'
import { startGateway } from '../../src/server/start-gateway.ts'
import type { Gateway } from '../../src/server/start-gateway.ts'

vi.setConfig({ testTimeout: 120_000 }) // each starts the engine two or three times

let root: string
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'bluegate-start-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function start(
  settings: Record<string, unknown>,
  signal = new AbortController().signal,
): Promise<Gateway> {
  const given = {
    dataDir: path.join(root, 'data'),
    sampleData: false,
    'pg.port': 0,
    'https.port': 0,
    ...settings,
  }
  const list = Object.entries(given).map(([name, raw]) => ({ name, raw, origin: 'test' }))
  const parsed = parseConfig(list)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistakes))
  const options = { version: '0.0.0', log: silentLog, onLoadProgress: () => undefined }
  return await startGateway(parsed.config, options, signal)
}

test('a start that fails at the last step leaves nothing running, and the next one succeeds', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  await expect(start({ 'pg.port': port })).rejects.toMatchObject({
    kind: 'object_in_use',
    message: expect.stringContaining(`port ${port}: another program has it`),
    hint: expect.stringContaining('pg.port'),
  })
  other.close()
  const gateway = await start({ 'pg.port': port })
  expect(gateway.doors).toEqual({
    pg: { host: 'localhost', port },
    https: { host: 'localhost', port: expect.any(Number) },
  })
  expect(gateway.setupUrl).toMatch(/^https:\/\/localhost:\d+\/welcome#[\w-]{43}$/)
  await gateway.stop()
})

test('while a gateway runs a second one on its data directory is refused, and afterwards not', async () => {
  const first = await start({})
  await expect(start({})).rejects.toMatchObject({ kind: 'object_in_use' })
  const { fingerprint } = first
  await first.stop()
  const second = await start({})
  expect(second.fingerprint).toBe(fingerprint)
  await second.stop()
})

test('a start that is ended by a signal stops what it had started', async () => {
  const controller = new AbortController()
  controller.abort(new Error('Ctrl-C'))
  await expect(start({}, controller.signal)).rejects.toThrow('Ctrl-C')
  await (await start({})).stop()
})
