/**
 * After a day in the life of a gateway, mistakes included, no token is found in anything that it
 * wrote or printed, nor in the arguments and the environment of its processes. Only the store holds
 * it, sealed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { connect, STOCK_CLIENTS } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

let server: BluegateServer
const tokens: string[] = []
let audit = ''

beforeAll(async () => {
  if (AGAINST_POSTGRESQL) return
  server = await startBluegate({ env: { BLUEGATE_LOG_LEVEL: 'debug' } })
  await server.admin('create table ledger (id integer)')
  const client = await server.createClient('tableau', ['SELECT, INSERT ON TABLE ledger'])
  tokens.push(client.token)
  await useAndMisuse(client)
  const fresh = await server.bluegateJson('client', 'regenerate', client.name, '--grace', '1h')
  const regenerated = { ...client, token: (fresh as { token: string }).token }
  tokens.push(regenerated.token)
  await useAndMisuse(regenerated)
  await server.bluegate('client', 'disable', client.name)
  await failureOf(connect('pgjdbc', connectOptions(server, regenerated)))
  await server.bluegate('client', 'enable', client.name)
  audit = await server.bluegate('audit', '--json')
})

afterAll(() => server?.stop())

/** The good way once through each client, then the ways in which people put a token elsewhere. */
async function useAndMisuse(client: ClientCredentials): Promise<void> {
  const options = connectOptions(server, client)
  for (const name of STOCK_CLIENTS) {
    const connection = await connect(name, options)
    await connection.query('insert into ledger values (1)')
    await failureOf(connection.query('select nope from ledger'))
    await connection.close()
  }
  const { token } = client
  await failureOf(connect('pgjdbc', { ...options, user: 'nobody' }))
  await failureOf(connect('pgjdbc', { ...options, user: token }))
  await failureOf(connect('pgjdbc', { ...options, user: token, password: client.name }))
  await failureOf(connect('pgjdbc', { ...options, database: token }))
  await failureOf(connect('pgjdbc', { ...options, password: `${token} ` }))
  await failureOf(connect('pgjdbc', { ...options, password: token.slice(0, -1) }))
  await failureOf(connect('node-postgres', { ...options, sslMode: 'disable' }))
}

/** What would give a token away: its secret part, as it is and in the usual disguises. */
function needles(): Buffer[] {
  return tokens.flatMap((token) => {
    const secret = token.split('_').at(-1)?.slice(0, 43) ?? ''
    expect(secret).toMatch(/^[0-9A-Za-z]{43}$/)
    const forms = [secret, Buffer.from(secret).toString('hex'), base64Core(secret)]
    return [...forms.map((form) => Buffer.from(form)), Buffer.from(secret, 'utf16le')]
  })
}

/** What base64 of a longer text that holds `text` has in common, when it starts on a boundary. */
function base64Core(text: string): string {
  return Buffer.from(text).toString('base64').slice(0, 56)
}

function isFoundIn(haystack: Buffer | string): boolean {
  const bytes = Buffer.from(haystack)
  return needles().some((needle) => bytes.includes(needle))
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

describe.skipIf(AGAINST_POSTGRESQL)('no token is found', () => {
  test('the search itself finds what is there', () => {
    const [token = ''] = tokens
    expect(isFoundIn(`password=${token}`)).toBe(true)
    expect(isFoundIn(Buffer.from(token, 'utf16le'))).toBe(true)
    expect(isFoundIn(Buffer.from(token.slice(-49)).toString('base64'))).toBe(true)
    expect(isFoundIn('nothing')).toBe(false)
  })

  test('in the files of the data and the secrets directory', () => {
    const files = [server.dataDirectory, server.secretsDirectory].flatMap(filesBelow)
    expect(files.length).toBeGreaterThan(3)
    expect(files.filter((file) => isFoundIn(readFileSync(file)))).toEqual([])
  })

  test('while the public part of the token is in them, so they are the right files', () => {
    const id = tokens[0]?.split('_')[1] ?? ''
    expect(id).toMatch(/^[0-9A-Za-z]{12}$/)
    const found = filesBelow(server.dataDirectory).filter((file) => readFileSync(file).includes(id))
    expect(found.length).toBeGreaterThan(0)
  })

  test('in what the gateway printed, at its most talkative', () => {
    expect(server.printed()).not.toBe('')
    expect(isFoundIn(server.printed())).toBe(false)
  })

  test('in the audit, which has the refusals on record', async () => {
    expect(audit).toContain('tableau')
    expect(isFoundIn(audit)).toBe(false)
    const rows = await server.admin('AUDITLOG')
    expect(rows.length).toBeGreaterThan(5)
    expect(isFoundIn(JSON.stringify(rows))).toBe(false)
  })

  test('in what the command line tells of clients', async () => {
    const list = await server.bluegate('client', 'list', '--json')
    expect(list).toContain('tableau')
    expect(isFoundIn(list)).toBe(false)
  })

  test('in the arguments and the environment of any process of the gateway', () => {
    const pids = server.pids()
    expect(pids.length).toBeGreaterThan(1)
    const texts = pids.flatMap((pid) =>
      ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`)),
    )
    expect(texts.filter((text) => isFoundIn(text))).toEqual([])
  })
})
