import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get as getPlain } from 'node:http'
import { get } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reachableSocketPath } from '../../src/base/control-socket-path.ts'
import { silentLog } from '../../src/base/log.ts'
import { ControlClient } from '../../src/cli/control-client.ts'
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
    'grpc.port': 0,
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
    grpc: { host: 'localhost', port: expect.any(Number) },
    https: { host: 'localhost', port: expect.any(Number) },
  })
  expect(gateway.setupUrl).toMatch(/^https:\/\/localhost:\d+\/welcome#[\w-]{43}$/)
  await gateway.stop()
})

test('what a door refuses is counted, and that there is no user yet is a warning', async () => {
  const gateway = await start({})
  const port = gateway.doors['https']?.port
  const ca = readFileSync(gateway.caFile ?? '')
  const refused = await new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer nonsense' }
    const asked = { host: 'localhost', port, path: '/api/v1/me', ca, headers, agent: false }
    get(asked, (answer) => resolve(answer.resume().statusCode)).on('error', reject)
  })
  expect(refused).toBe(401)
  const control = new ControlClient(path.join(root, 'data'))
  const { items } = await control.get<{ items: { kind: string }[] }>('/api/v1/warnings')
  expect(items.map(({ kind }) => kind)).toContain('no_user')
  const lines: string[] = []
  for await (const line of control.lines('/api/v1/audit/search', { actions: ['login_refused'] })) {
    lines.push(line)
  }
  expect(lines.join('')).toContain('"reason":"malformed_token"')
  expect(await metricsOf(path.join(root, 'data'))).toContain(
    'bluegate_login_refusals_total{door="http",reason="malformed_token"} 1',
  )
  await gateway.stop()
})

/** As Prometheus would get them, by the control socket. */
async function metricsOf(dataDir: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socketPath = reachableSocketPath(dataDir)
    getPlain({ socketPath, path: '/metrics' }, (answer) => {
      text(answer).then(resolve, reject)
    }).on('error', reject)
  })
}

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
