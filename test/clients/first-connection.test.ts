/** What an administrator tries first: the token pasted into each stock client, TLS verified. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from './harness/client-connection.ts'
import type { ConnectOptions } from './harness/client-connection.ts'
import { connect, STOCK_CLIENTS } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { TestServer } from './harness/test-server.ts'

/** A token in the right form, of nobody. */
const OTHER_TOKEN = `bluegate_${'0'.repeat(12)}_${'0'.repeat(43)}000000`

let server: TestServer
let options: ConnectOptions

beforeAll(async () => {
  server = await startServer({ sampleData: true })
  options = connectOptions(
    server,
    await server.createClient('tableau', ['SELECT ON TABLE flights']),
  )
})

afterAll(() => server?.stop())

describe.each(STOCK_CLIENTS)('%s', (client) => {
  test('counts three million flights, with the certificate and its name verified', async () => {
    const connection = await connect(client, options)
    const { rows } = await connection.query('select count(*) from flights')
    await connection.close()
    expect(rows).toEqual([['3000000']])
  })

  test('is refused with a wrong token, as an unknown client is', async () => {
    const wrongToken = await failureOf(connect(client, { ...options, password: OTHER_TOKEN }))
    const unknown = await failureOf(connect(client, { ...options, user: 'tableeu' }))
    expect(wrongToken.message).toContain('password authentication failed for user "tableau"')
    expect(unknown.message.replaceAll('tableeu', 'tableau')).toBe(wrongToken.message)
    // libpq keeps no SQLSTATE of a connection that failed
    const shown = client === 'pgjdbc' || client === 'node-postgres' ? '28P01' : undefined
    expect([wrongToken.sqlState, unknown.sqlState]).toEqual([shown, shown])
    for (const { message } of [wrongToken, unknown]) {
      expect(message).not.toContain(OTHER_TOKEN.slice(-49))
      expect(message).not.toContain(options.password)
    }
  })

  test.skipIf(AGAINST_POSTGRESQL)('is told to turn TLS on when it comes without', async () => {
    const failure = await failureOf(connect(client, { ...options, sslMode: 'disable' }))
    expect(failure.message).toContain('TLS')
    expect(`${failure.message} ${failure.hint}`).toContain('sslmode=require')
    expect(failure.message).not.toContain(options.password)
  })

  test('refuses a server whose certificate another CA has signed', async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-other-ca-'))
    try {
      const failure = await failureOf(
        connect(client, { ...options, caFile: makeCertificate(directory) }),
      )
      expect(failure.message).toMatch(/certif/i)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })

  test('refuses a server under a name that is not in its certificate', async () => {
    const forwarder = await forwardFrom(OTHER_ADDRESS)
    try {
      const failure = await failureOf(connect(client, { ...options, ...forwarder.address }))
      expect(failure.message).toMatch(/certif|hostname|host name/i)
    } finally {
      await forwarder.close()
    }
  })

  test('sees the session as its own: user, database, version', async () => {
    const connection = await connect(client, options)
    const { rows } = await connection.query('select current_user, current_database()')
    const version = await connection.query('show server_version')
    await connection.close()
    expect(rows).toEqual([['tableau', 'master']])
    expect(version.rows[0]?.[0]).toMatch(/^15\./)
  })
})

/** Also this machine, on every Linux; no certificate of ours has it. */
const OTHER_ADDRESS = '127.0.0.2'

/** Passes every connection to `host` on to the server. */
async function forwardFrom(
  host: string,
): Promise<{ address: { host: string; port: number }; close(): Promise<void> }> {
  const forwarder = net.createServer((incoming) => {
    const outgoing = net.connect(options.port, options.host)
    incoming.pipe(outgoing).pipe(incoming)
    for (const socket of [incoming, outgoing]) socket.on('error', () => incoming.destroy())
  })
  await new Promise<void>((resolve) => forwarder.listen(0, host, resolve))
  const { port } = forwarder.address() as net.AddressInfo
  return {
    address: { host, port },
    close: () => new Promise((resolve) => forwarder.close(() => resolve())),
  }
}

function makeCertificate(directory: string): string {
  const certificate = path.join(directory, 'ca.crt')
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2']
  args.push('-subj', '/CN=another CA', '-keyout', path.join(directory, 'ca.key'))
  const { status, error } = spawnSync('openssl', [...args, '-out', certificate])
  if (status !== 0) throw new Error(`openssl is needed: apt-get install openssl (${error})`)
  return certificate
}
