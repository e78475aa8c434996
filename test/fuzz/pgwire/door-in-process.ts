/** The PostgreSQL door in this process, over the fake executor, with limits to choose. */
import { PGWIRE_LIMITS } from '../../../src/protocol/pgwire/pgwire-limits.ts'
import type { PgWireLimits } from '../../../src/protocol/pgwire/pgwire-limits.ts'
import { secureContexts } from '../../../src/protocol/pgwire/upgrade-to-tls.ts'
import { CLIENT, TOKEN, testCertificate } from '../../fixtures/pgwire-door.ts'
import type { Conversation } from './conversation.ts'
import { COPY_IN, knownStatements } from './fuzz-world.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import type { Exchange, Verdict } from './judge.ts'
import { talkInProcess } from './talk-in-process.ts'

/** Small, so that fuzzed conversations reach them; the others are the door's own. */
export const SMALL_LIMITS: PgWireLimits = {
  ...PGWIRE_LIMITS,
  readAheadBytesMax: 8 * 1024,
  unsentBytesMax: 16 * 1024,
  messageBytesMax: 64 * 1024,
  preparedStatementsMax: 8,
  portalsMax: 4,
}

export interface DoorInProcess {
  readonly world: FuzzWorld
  /** Has one conversation. @throws WrongAnswer when the door did anything wrong. */
  talk(conversation: Conversation): Promise<Verdict>
}

export interface DoorOptions {
  readonly limits: PgWireLimits
  /** Told of each conversation that went well. */
  readonly onExchange?: (exchange: Exchange) => void
}

export async function openDoorInProcess(options: DoorOptions): Promise<DoorInProcess> {
  const { key, cert } = await testCertificate()
  const certificate = { key, cert }
  const secureContext = secureContexts(() => certificate)
  const world = worldOf(options.limits)
  const parts = { limits: options.limits, secureContext, world }
  const talk = async (conversation: Conversation): Promise<Verdict> => {
    const { verdict, exchange } = await talkInProcess(parts, conversation)
    options.onExchange?.(exchange)
    return verdict
  }
  return { world, talk }
}

function worldOf(limits: PgWireLimits): FuzzWorld {
  const { messageBytesMax, preparedStatementsMax, portalsMax, readAheadBytesMax } = limits
  return {
    user: CLIENT,
    token: TOKEN,
    tlsOnly: false,
    messageBytesMax,
    preparedStatementsMax,
    portalsMax,
    floodMessages: 60 + Math.ceil(readAheadBytesMax / 1000),
    copyIn: COPY_IN,
    statements: knownStatements(
      (rows) => `SELECT generate_series(1, ${rows}) AS n`,
      { text: 'SELECT 1/(n-1) AS x FROM generate_series(1, 2) AS n' },
      0,
    ),
  }
}
