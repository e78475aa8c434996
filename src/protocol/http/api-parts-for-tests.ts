/**
 * The parts behind the control socket, for tests of routes and of the command line: identity for
 * real over a store in memory, and an executor whose statements say what they answer.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditLog } from '../../audit/audit-log.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import { silentLog } from '../../base/log.ts'
import type { Log } from '../../base/log.ts'
import { buildSnapshot } from '../../catalog/build-snapshot.ts'
import type { Executor, RunningStatement, StatementEvent } from '../../execution/executor.ts'
import { SessionRegistry } from '../../execution/session-registry.ts'
import { KeyRing } from '../../identity/key-ring.ts'
import { MemoryConsoleSessionStore } from '../../identity/memory-console-session-store.ts'
import { MemoryIdentityStore } from '../../identity/memory-identity-store.ts'
import { openIdentity } from '../../identity/open-identity.ts'
import { openLoads } from '../../loads/open-loads.ts'
import { UploadStore } from '../../loads/upload-store.ts'
import type { Statement } from '../../sql/statement.ts'
import type { ApiParts } from './api-parts.ts'
import type { OperationsPort } from './operations-port.ts'

const uploadsDirectory = mkdtempSync(join(tmpdir(), 'bluegate-uploads-'))
process.on('exit', () => rmSync(uploadsDirectory, { recursive: true, force: true }))

/** Each of these has a directory of its own. */
let made = 0

export async function apiPartsForTests(audit: AuditLog, log: Log = silentLog): Promise<ApiParts> {
  const identity = await openIdentity({
    store: new MemoryIdentityStore(),
    secrets: new KeyRing(1, new Map([[1, randomBytes(32)]])),
    consoleSessions: new MemoryConsoleSessionStore(),
    settings: {
      console: { idleMs: 15 * 60_000, lifetimeMs: 8 * 3_600_000 },
      tokensShow: 'all',
      tokenLifetime: {},
    },
    clock: Date.now,
    log,
  })
  const snapshot = buildSnapshot({
    catalogVersion: 1,
    databases: [{ id: 'd1', name: 'master' }],
    schemas: [{ id: 's1', database: 'master', name: 'public' }],
    tables: [],
  })
  const execution = {
    openExecutor: () => Promise.resolve(spokenExecutor() as Executor),
    sessions: new SessionRegistry(identity, 1_000),
    poolLoad: () => ({ running: 0, waiting: 0 }),
  }
  const uploads = await UploadStore.open(join(uploadsDirectory, String((made += 1))), {
    bytesMax: 1024 ** 2,
    freeBytesMin: 0,
  })
  return {
    identity,
    audit,
    catalog: { current: () => Promise.resolve(snapshot) },
    execution,
    loads: openLoads({ execution, uploads, openMax: 2, log: silentLog }),
    status: () => ({
      version: '0.0.0',
      startedAt: '2030-01-01T00:00:00.000Z',
      processId: 1,
      doors: { pg: { host: 'localhost', port: 5439 }, https: { host: 'localhost', port: 8443 } },
      caFile: '/data/tls/ca.crt',
      sessions: 0,
      engineGeneration: 1,
      engineLayers: [{ name: 'files', active: true, about: 'its own data' }],
    }),
    operations: IDLE_OPERATIONS,
    log,
  }
}

/** Nothing is to be told, and nothing can be done. */
export const IDLE_OPERATIONS: OperationsPort = {
  backups: { take: () => Promise.reject(new GatewayError('cannot_connect_now', 'no engine')) },
  rotateKeys: () => Promise.reject(new GatewayError('io_error', 'no key file')),
  unreadiness: () => Promise.resolve([]),
  metrics: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: '' }),
  warnings: () => Promise.resolve([]),
}

/** `select N rows` gives 1 to N, `and fail` fails after them; anything else is a command. */
function spokenExecutor(): Omit<Executor, 'session' | 'describe' | 'prepare' | 'evaluate'> {
  return {
    read: (text) =>
      text.split(';').map((part) => ({
        text: part.trim(),
        start: 0,
        source: text,
        kind: 'engine',
        form: 'select',
      })),
    run: (statement: Statement) => Promise.resolve(speak(statement.text)),
    copyIn: () => Promise.reject(new GatewayError('feature_not_supported', 'no COPY here')),
    endImplicitTransaction: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

function speak(text: string): RunningStatement {
  const select = /^select (\d+) rows/.exec(text)
  const count = Number(select?.[1] ?? 0)
  const lines = Array.from({ length: count }, (_, index) => `[${index + 1}]\n`).join('')
  const tag = select ? `SELECT ${count}` : text.toUpperCase()
  const events: (StatementEvent | GatewayError)[] = [
    ...(count > 0 ? [{ kind: 'frame', bytes: Buffer.from(lines), rows: count } as const] : []),
    text.endsWith('and fail')
      ? new GatewayError('division_by_zero', 'division by zero')
      : { kind: 'complete', tag, notices: [] },
  ]
  return {
    columns: select ? [{ name: 'n', type: { kind: 'integer' } }] : undefined,
    next: () => {
      const event = events.shift()
      if (event === undefined || event instanceof GatewayError) return Promise.reject(event)
      return Promise.resolve(event)
    },
    isRead: true,
    recheck: () => undefined,
    resume: () => undefined,
    close: () => Promise.resolve(),
  }
}
