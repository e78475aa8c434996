/**
 * A month of a busy gateway's audit, written by the storage room's own writer into directories that
 * no gateway was started in yet. The same number of records gives the same events.
 *
 * `node bench/harness/fill-audit.ts DATA_DIRECTORY SECRETS_DIRECTORY RECORDS` does it alone.
 */
import { mkdirSync } from 'node:fs'
import type { AuditEvent } from '../../src/audit/audit-event.ts'
import { present } from '../../src/base/assert.ts'
import { silentLog } from '../../src/base/log.ts'
import { anchorFile, dataLayout } from '../../src/server/data-layout.ts'
import { openAuditLog } from '../../src/storage/audit/open-audit-log.ts'
import { openKeyRing } from '../../src/storage/secrets/open-key-ring.ts'

const DAYS = 30
const DAY_MS = 86_400_000
/** In flight at once: what the writer takes in a few batches. */
const APPENDS_MAX = 4096
const SESSION_STATEMENTS = 20
/** Of the records; in the oldest part, where a search that goes backwards comes last. */
const ONCE_AT = 0.02

/** Some 5 % of all records are of the first client. */
export function clientNameOf(index: number): string {
  return `client-${String(index).padStart(5, '0')}`
}

export const FREQUENT_USER = clientNameOf(0)
export const ONCE_USER = 'seen-only-once'

export async function fillAudit(
  dataDirectory: string,
  secretsDirectory: string,
  { records, clients }: { records: number; clients: number },
): Promise<void> {
  const end = Date.now() - 60_000
  let written = 0
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const keys = await openKeyRing({ directory: secretsDirectory, dataDirectory, create: true })
  const audit = await openAuditLog({
    directory: dataLayout(dataDirectory).auditDir,
    key: keys.key('audit chain', keys.auditId),
    anchorFile: anchorFile(secretsDirectory),
    clock: () => Math.floor(end - DAYS * DAY_MS * (1 - written / records)),
    log: silentLog,
  })
  const random = randomOf(1)
  const once = Math.floor(records * ONCE_AT)
  while (written < records) {
    const count = Math.min(APPENDS_MAX, records - written)
    const startedAt = new Date(end - DAYS * DAY_MS * (1 - written / records)).toISOString()
    const appends = Array.from({ length: count }, (_, index) => {
      const event = eventOf(written + index, clients, startedAt, random)
      const username = written + index === once ? ONCE_USER : event.username
      return audit.append({ ...event, username }, 'written')
    })
    await Promise.all(appends)
    written += count
  }
  await audit.stop()
}

const STATEMENTS = [
  'SELECT quantity, comment FROM wide WHERE orderkey = ',
  'SELECT flag, sum(price) FROM wide GROUP BY 1 LIMIT ',
  'SELECT count(*) FROM public.flights WHERE carrier = ',
  'SELECT 1 AS "probe", ',
]

/** A session logs in, asks, and ends; sessions follow each other. */
function eventOf(n: number, clients: number, startedAt: string, random: () => number): AuditEvent {
  const session = Math.floor(n / SESSION_STATEMENTS)
  const step = n % SESSION_STATEMENTS
  const client = Math.floor(clients * randomOf(session + 7)() ** 3)
  const common = {
    username: clientNameOf(client),
    clientId: uuidOf(client, 1),
    tokenId: String(client).padStart(12, '0'),
    roleName: `role_${client % 1000}`,
    sessionId: uuidOf(session, 2),
    address: `10.${client % 200}.${session % 250}.7`,
    clientVersion: client % 2 === 0 ? 'psql' : 'PostgreSQL JDBC Driver 42.7.4',
    door: 'postgres',
    initiatedBy: 'External',
    startedAt,
  } as const
  if (step === 0 || step === SESSION_STATEMENTS - 1) {
    const action = step === 0 ? 'login' : 'session_end'
    return { ...common, category: 'SESSION', action, outcome: 'succeeded' }
  }
  const rows = Math.floor(random() * 1000)
  return {
    ...common,
    category: 'SELECT',
    action: 'statement',
    outcome: 'succeeded',
    queryId: step,
    details: `${STATEMENTS[step % STATEMENTS.length]}${n}`,
    rows,
    bytes: rows * 80,
    durationMs: Math.round(random() * 5e5) / 1000,
  }
}

function uuidOf(n: number, kind: number): string {
  return `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${String(kind).padStart(12, '0')}`
}

/** Mulberry32: 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

if (import.meta.main) {
  const [data, secrets, records] = process.argv.slice(2)
  await fillAudit(present(data, 'a data directory'), present(secrets, 'a secrets directory'), {
    records: Number(records),
    clients: 10_000,
  })
}
