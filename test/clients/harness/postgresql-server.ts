/**
 * A real PostgreSQL in a temporary directory, with TLS and a CA of its own, in the place of
 * Bluegate. Only for checking the suites themselves; needs openssl and the server's programs
 * (`apt-get install postgresql`), and drops root's rights, because PostgreSQL refuses to run so.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { processTree } from './process-memory.ts'
import type { ServerOptions, TestServer } from './test-server.ts'

const PROGRAMS = process.env['BLUEGATE_POSTGRESQL_BIN'] ?? '/usr/lib/postgresql/15/bin'

/** As many rows as the real sample, and its columns; the values are made up. */
const FLIGHTS = `CREATE TABLE flights AS
  SELECT timestamp '2001-01-01' + i * interval '1 minute' AS date, i % 120 - 60 AS delay,
         i % 2500 AS distance, 'A' || i % 100 AS origin, 'B' || i % 90 AS destination
  FROM generate_series(1::bigint, 3000000) AS g(i)`

export async function startPostgresql(options: ServerOptions): Promise<TestServer> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-postgresql-'))
  const data = path.join(directory, 'data')
  const identity = unprivileged()
  const run = (command: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(command, args, {
      ...identity,
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
  }
  if (identity.uid !== undefined) chownSync(directory, identity.uid, identity.gid ?? 0)
  run(
    path.join(PROGRAMS, 'initdb'),
    '--auth=password',
    '--no-sync',
    '-U',
    'admin',
    '-D',
    data,
    '-E',
    'UTF8',
    '--locale=C',
    `--pwfile=${passwordFile(directory, identity)}`,
  )
  makeCertificates(run, directory)
  const port = await freePort()
  appendFileSync(path.join(data, 'postgresql.conf'), settings(port, directory))
  run(path.join(PROGRAMS, 'pg_ctl'), '-D', data, '-w', '-l', path.join(directory, 'log'), 'start')

  const connectAdmin = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      database,
      user: 'admin',
      password: 'admin',
    })
    await client.connect()
    return client
  }
  const first = await connectAdmin('postgres')
  await first.query('CREATE DATABASE master')
  await first.end()
  const admin = await connectAdmin('master')
  if (options.sampleData === true) await admin.query(FLIGHTS)
  const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0])

  const server: TestServer = {
    kind: 'postgresql',
    host: '127.0.0.1',
    port,
    caFile: path.join(directory, 'ca.crt'),
    pids: () => processTree(pid),
    async createClient(name, grants = []) {
      const token = randomBytes(24).toString('hex')
      const role = `${name}_role`
      await admin.query(`CREATE ROLE ${role}`)
      for (const grant of grants) await admin.query(`GRANT ${grant} TO ${role}`)
      await admin.query(`CREATE ROLE "${name}" LOGIN PASSWORD '${token}' IN ROLE ${role}`)
      return { name, role, token }
    },
    async admin(sql) {
      return (await admin.query({ text: sql, rowMode: 'array' })).rows
    },
    async stop() {
      await admin.end()
      run(path.join(PROGRAMS, 'pg_ctl'), '-D', data, '-m', 'immediate', 'stop')
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return server
}

interface Identity {
  readonly uid?: number
  readonly gid?: number
}

function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function passwordFile(directory: string, identity: Identity): string {
  const file = path.join(directory, 'password')
  appendFileSync(file, 'admin')
  if (identity.uid !== undefined) chownSync(file, identity.uid, identity.gid ?? 0)
  return file
}

function makeCertificates(
  run: (command: string, ...args: string[]) => void,
  directory: string,
): void {
  const file = (name: string): string => path.join(directory, name)
  const fresh = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  run(
    'openssl',
    ...fresh,
    '-days',
    '2',
    '-subj',
    '/CN=test CA',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
  )
  run(
    'openssl',
    ...fresh,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-keyout',
    file('server.key'),
    '-out',
    file('server.crt'),
  )
}

function settings(port: number, directory: string): string {
  return `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
ssl = on
ssl_cert_file = '${directory}/server.crt'
ssl_key_file = '${directory}/server.key'
fsync = off
autovacuum = off
`
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
