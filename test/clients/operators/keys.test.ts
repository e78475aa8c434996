/** New root keys while a gateway runs, and new ones when the old are lost. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { GatewayOn, runBluegate } from './gateway-on.ts'
import type { Directories } from './gateway-on.ts'

const root = mkdtempSync(path.join(os.tmpdir(), 'bluegate-keys-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const at = (name: string): Directories => ({
  data: path.join(root, name, 'data'),
  secrets: path.join(root, name, 'secrets'),
})

async function mayConnect(gateway: GatewayOn, name: string, token: string): Promise<boolean> {
  try {
    await (await gateway.connect(name, token)).end()
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error
    return false
  }
}

async function shownToken(gateway: GatewayOn, name: string): Promise<string> {
  const path = `/api/v1/clients/${name}/show-token`
  return (await gateway.control.post<{ token: string }>(path)).token
}

test('after a rotation old tokens open and can be shown, new ones come under the new key, also after a restart', async () => {
  const place = at('rotated')
  let gateway = await GatewayOn.start(place)
  const old = await gateway.makeClient('old')
  const { code, out } = await runBluegate(place, ['keys', 'rotate'])
  expect(code).toBe(0)
  expect(out).toContain('Key 2 is the current one; 1 token sealed under it.')
  expect(out).toContain('Key 1 is still needed for 1 token until regenerated, the audit')
  expect(await shownToken(gateway, 'old')).toBe(old)
  const young = await gateway.makeClient('young')
  for (const restart of [false, true]) {
    if (restart) {
      await gateway.stop('SIGKILL')
      gateway = await GatewayOn.start(place)
    }
    expect(await mayConnect(gateway, 'old', old)).toBe(true)
    expect(await mayConnect(gateway, 'young', young)).toBe(true)
    expect(await shownToken(gateway, 'young')).toBe(young)
  }
  await gateway.control.post('/api/v1/clients/old/regenerate')
  const again = await gateway.control.post<{ current: number; keys: unknown[] }>(
    '/api/v1/keys/rotate',
  )
  expect(again.current).toBe(3)
  expect(again.keys).toMatchObject([
    { id: 1, audit: true, tokens: 0, sealed: 0 },
    { id: 2, audit: false, tokens: 2, sealed: 0 },
    { id: 3, current: true, tokens: 0, sealed: 2 },
  ])
  expect(await gateway.control.post('/api/v1/audit/verify')).toMatchObject({ ok: true })
  expect((await runBluegate(place, ['audit', '--action', 'keys_rotated'])).out).toContain(
    '2 records',
  )
  const keys = readFileSync(path.join(place.secrets, 'keys.json'), 'utf8')
  for (const [, key = ''] of keys.matchAll(/"key": "([^"]+)"/g)) {
    expect(gateway.printed).not.toContain(key)
    expect(out).not.toContain(key)
  }
  await gateway.stop()
})

test('without its secrets a gateway does not start, says the way out, and that way loses nothing else', async () => {
  const place = at('lost')
  const before = await GatewayOn.start(place)
  const writer = await before.makeClient('writer')
  const reader = await before.makeClient('reader', [])
  await before.sql('CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (42)')
  await runBluegate(place, ['backup', path.join(root, 'before.tar')])
  const oldCa = before.ca
  await before.stop()
  rmSync(place.secrets, { recursive: true })

  await expect(GatewayOn.start(place)).rejects.toThrow('bluegate recover-secrets')
  const recover = (input: string): ReturnType<typeof runBluegate> =>
    runBluegate(place, ['recover-secrets', '--secrets-dir', place.secrets], input)
  const refused = await recover('yes\n')
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('nothing was changed')
  await expect(GatewayOn.start(place)).rejects.toThrow('is missing')

  const { code, out, err } = await recover('end all tokens\n')
  expect(code, `it says ${err}`).toBe(0)
  expect(out).toContain('2 clients with a new token:')
  expect(out).toContain('There will be a new CA')
  const twice = await recover('end all tokens\n')
  expect(twice.err).toContain('there is a key file')

  const gateway = await GatewayOn.start(place)
  try {
    expect(gateway.ca).not.toBe(oldCa)
    for (const [name, lost] of [
      ['writer', writer],
      ['reader', reader],
    ] as const) {
      expect(await mayConnect(gateway, name, lost)).toBe(false)
      const token = await shownToken(gateway, name)
      const client = await gateway.connect(name, token)
      expect((await client.query('SELECT n FROM t')).rows).toEqual([{ n: '42' }])
      await client.end()
    }
    const regenerated = await gateway.control.post<{ token: string }>(
      '/api/v1/clients/writer/regenerate',
    )
    expect(await mayConnect(gateway, 'writer', regenerated.token)).toBe(true)
    expect(await gateway.control.post('/api/v1/audit/verify')).toMatchObject({ ok: true })
    const audit = await runBluegate(place, ['audit', '--json', '--limit', '1000'])
    const records = JSON.parse(audit.out) as { sequence: number; action: string }[]
    const sequences = records.map(({ sequence }) => sequence)
    expect(sequences, 'the old records can be read, and numbers go on').toEqual(
      Array.from({ length: records.length }, (_, index) => records.length - index),
    )
    const actions = records.map(({ action }) => action)
    expect(actions).toContain('secrets_recovered')
    expect(actions.indexOf('secrets_recovered')).toBeLessThan(actions.indexOf('backup_taken'))
  } finally {
    await gateway.stop()
  }
  await (await GatewayOn.start(place)).stop() // and once more
})

test('with nothing but a backup file left, the data comes back through tar and new keys', async () => {
  const place = at('burnt')
  mkdirSync(place.data, { recursive: true, mode: 0o700 })
  execFileSync('tar', ['-xf', path.join(root, 'before.tar'), '-C', place.data])
  const args = ['recover-secrets', '--secrets-dir', place.secrets, '--json']
  const { code, err } = await runBluegate(place, args, 'end all tokens\n')
  expect(code, `it says ${err}`).toBe(0)
  const gateway = await GatewayOn.start(place)
  expect(await gateway.sql('SELECT n FROM t')).toEqual([[42]])
  expect(await mayConnect(gateway, 'writer', await shownToken(gateway, 'writer'))).toBe(true)
  await gateway.stop()
})
