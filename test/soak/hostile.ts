/**
 * A client as one fears it: what exhausts, blocks or crashes an engine, statements that it may not
 * run, results that it does not read, connections that it drops, bytes that mean nothing. That it is
 * answered at all is not asked for here; what it is told is counted.
 */
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectOptions } from '../clients/harness/client-connection.ts'
import { RawConnection } from '../clients/harness/raw-connection.ts'
import { fieldsOf, query } from '../clients/harness/raw-messages.ts'
import type { Tally } from './tally.ts'

const many = (count: number, part: string): string => part.repeat(count)

const ENDLESS = `select count(*) from range(100000000) a(i), range(100000000) b(j) where i * j = -1`

const STATEMENTS = [
  'select len(range(1000000000))',
  "select length(repeat('x', 2000000000))",
  'select len(list_transform(range(200000000), x -> [x, x]))',
  `select ${many(5000, '(')}1${many(5000, ')')}`,
  `select 1${many(5000, '+1')}`,
  `select ${many(50_000, 'a.')}a`,
  `select * from (${many(500, 'select * from (')}select 1${many(501, ') x')}`,
  `select 1 from range(1)${many(500, ', range(1)')}`,
  `${many(5000, '/*')}${many(5000, '*/')} select 1`,
  "select * from read_text('/etc/passwd')",
  "copy (select 1) to '/tmp/bluegate-soak'",
  "call enable_logging(storage='file', storage_path='/tmp/bluegate-soak')",
  "attach '/tmp/bluegate-soak.db'",
  'select * from ledger',
  'delete from facts',
  'drop table facts',
  'create macro upper(x) as 42',
  "set memory_limit = '100GB'",
]

/** These fill the memory that all statements share: others then fail with 53200 at that moment. */
const FILLING = [
  'select len(list(i)) from range(1000000000) r(i)',
  'select m from (select md5(i::varchar) as m from range(3000000) r(i)) order by m offset 2999999',
]

/** A deaf statement costs everybody the engine: one in this many of a client's turns. */
const DEAF_EVERY = 60

const PAUSE_MS_MAX = 300
const ANSWER_MS_MAX = 60_000

export async function runHostile(
  options: ConnectOptions,
  number: number,
  tally: Tally,
  signal: AbortSignal,
  fillsMemory: boolean,
): Promise<void> {
  const statements = fillsMemory ? [...STATEMENTS, ...FILLING] : STATEMENTS

  for (let turn = 1; !signal.aborted; turn += 1) {
    try {
      await act(options, number, turn, tally, statements)
    } catch (error) {
      tally.error(`no login: ${(error as Error).message.slice(0, 60)}`)
    }
    await sleep(Math.random() * PAUSE_MS_MAX)
  }
}

async function act(
  options: ConnectOptions,
  number: number,
  turn: number,
  tally: Tally,
  statements: readonly string[],
): Promise<void> {
  if (turn % DEAF_EVERY === 10 * number) return await beDeaf(options, number, turn, tally)
  const dice = Math.random()
  if (dice < 0.05) return await flood(options)
  if (dice < 0.1) return await babble(options)
  if (dice < 0.2) return await leaveUnread(options)
  if (dice < 0.3) return await vanish(options)
  const sql = statements[Math.floor(Math.random() * statements.length)] ?? ''
  await say(options, [sql], tally)
}

/** Ten seconds and more in one call that hears no interrupt; another text each time. */
async function beDeaf(
  options: ConnectOptions,
  number: number,
  turn: number,
  tally: Tally,
): Promise<void> {
  const length = 200_000 + 1000 * turn + number
  const deaf = `select levenshtein(repeat('a', ${length} + i::int), repeat('b', ${length})) from range(1) r(i)`
  await say(options, ['set statement_timeout = 300', deaf], tally)
}

async function say(options: ConnectOptions, texts: readonly string[], tally: Tally): Promise<void> {
  const connection = await RawConnection.open(options)
  const timer = setTimeout(() => connection.destroy(), ANSWER_MS_MAX)
  try {
    for (const text of texts) {
      tally.statements += 1
      connection.send(query(text))
      const { messages } = await connection.countUntil('Z')
      for (const message of messages) {
        if (message.type === 'E') tally.error(fieldsOf(message)['C'])
      }
    }
  } finally {
    clearTimeout(timer)
    connection.destroy()
  }
}

async function leaveUnread(options: ConnectOptions): Promise<void> {
  const connection = await RawConnection.open(options)
  connection.send(query('select i, md5(i::text) from range(20000000) r(i)'))
  await connection.until('DE')
  connection.stopReading()
  await sleep(1000)
  connection.destroy()
}

async function vanish(options: ConnectOptions): Promise<void> {
  const connection = await RawConnection.open(options)
  connection.send(query(ENDLESS))
  await sleep(200)
  connection.destroy()
}

async function flood({ host, port }: ConnectOptions): Promise<void> {
  const sockets = Array.from({ length: 30 }, () => net.connect(port, host))
  for (const socket of sockets) socket.on('error', () => undefined)
  await sleep(500)
  for (const socket of sockets) socket.destroy()
}

async function babble({ host, port }: ConnectOptions): Promise<void> {
  const socket = net.connect(port, host)
  socket.on('error', () => undefined)
  socket.write(Buffer.from(Array.from({ length: 1000 }, () => Math.floor(Math.random() * 256))))
  await sleep(200)
  socket.destroy()
}
