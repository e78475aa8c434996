/**
 * A PostgreSQL 15 of its own in a temporary directory, with TLS and password login, as the peer of
 * the measurements. Its settings are the shipped ones, but for memory: 1 GB of shared buffers, so
 * that both sides read from memory.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import type { Target } from './raw-client.ts'

export interface Postgres {
  readonly target: Target
  /** Runs statements with psql; for setting up data. */
  run(sql: string): void
  stop(): Promise<void>
}

const BIN = process.env['POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin'
const PASSWORD = 'bench'

/** PostgreSQL refuses to run as root; then it runs as the system's `postgres`. */
function asServerUser(command: string, args: readonly string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command, [...args]]
  return ['runuser', ['-u', 'postgres', '--', command, ...args]]
}

export async function startPostgres(): Promise<Postgres> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-postgres-'))
  const data = join(directory, 'data')
  const port = await freePort()
  ownDirectory(directory)
  const passwordFile = join(directory, 'password')
  writeFileSync(passwordFile, PASSWORD)
  chmodSync(passwordFile, 0o644)
  const initdb = ['-D', data, '-U', 'bench', '--auth', 'password', `--pwfile=${passwordFile}`]
  execFileSync(...asServerUser(join(BIN, 'initdb'), initdb), { stdio: 'ignore', cwd: '/' })
  makeCertificate(directory)
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    [
      `port = ${port}`,
      `listen_addresses = '127.0.0.1'`,
      `unix_socket_directories = '${directory}'`,
      `shared_buffers = '1GB'`,
      `max_connections = 200`,
      `ssl = on`,
      `ssl_cert_file = '${join(directory, 'server.crt')}'`,
      `ssl_key_file = '${join(directory, 'server.key')}'`,
    ].join('\n'),
  )
  const server = spawn(...asServerUser(join(BIN, 'postgres'), ['-D', data]), {
    stdio: 'ignore',
    cwd: '/',
  })
  const run = (sql: string): void => {
    execFileSync('psql', ['-v', 'ON_ERROR_STOP=1', '-q', '-c', sql, dsn(port)], { stdio: 'ignore' })
  }
  await untilReady(() => run('select 1'))
  return {
    target: { host: '127.0.0.1', port, user: 'bench', database: 'postgres', password: PASSWORD },
    run,
    stop: async () => {
      execFileSync(...asServerUser(join(BIN, 'pg_ctl'), ['-D', data, '-m', 'fast', 'stop']), {
        stdio: 'ignore',
        cwd: '/',
      })
      if (server.exitCode === null) await once(server, 'exit')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function dsn(port: number): string {
  return `host=127.0.0.1 port=${port} user=bench dbname=postgres password=${PASSWORD} sslmode=require`
}

function ownDirectory(path: string): void {
  if (process.getuid?.() !== 0) return
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString())
  chownSync(path, id('-u'), id('-g'))
}

function makeCertificate(directory: string): void {
  const [key, certificate] = [join(directory, 'server.key'), join(directory, 'server.crt')]
  const subject = ['-x509', '-nodes', '-days', '2', '-subj', '/CN=localhost']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
  execFileSync('openssl', ['req', ...subject, ...curve, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  })
  chmodSync(key, 0o600)
  ownDirectory(key)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilReady(probe: () => void): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      probe()
      return
    } catch (error) {
      if (attempt === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
