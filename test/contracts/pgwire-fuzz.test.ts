/**
 * Hostile clients against the PostgreSQL door, in this process: a short version of
 * `npm run fuzz:pgwire`, which sends fifty times as much from another seed each time.
 */
import { expect, test } from 'vitest'
import { PGWIRE_LIMITS } from '../../src/protocol/pgwire/pgwire-limits.ts'
import { fuzzCodec } from '../fuzz/pgwire/fuzz-codec.ts'
import { fuzzConversations } from '../fuzz/pgwire/fuzz-conversations.ts'
import { judge } from '../fuzz/pgwire/judge.ts'
import type { Exchange } from '../fuzz/pgwire/judge.ts'
import { SMALL_LIMITS, openDoorInProcess } from '../fuzz/pgwire/door-in-process.ts'

const SEED = 20_261

/** On a busy machine; a quiet one needs some 3 s for the longest. */
const SLOW = { timeout: 120_000 }

test(
  '150,000 bodies are read as the manual says, or refused in words for a client',
  SLOW,
  async () => {
    const { world } = await openDoorInProcess({ limits: SMALL_LIMITS })
    const { messages, decoded } = fuzzCodec(world, SEED, 150_000)
    expect(decoded).toBeGreaterThan(messages / 3)
    expect(decoded).toBeLessThan(messages)
  },
)

test(
  '50,000 messages of hostile connections are answered in order, within bounds, to an end',
  SLOW,
  async () => {
    const door = await openDoorInProcess({ limits: SMALL_LIMITS })
    const fuzzed = await fuzzConversations({ ...door, seed: SEED, messages: 50_000, secure: false })
    expect(fuzzed.sessions).toBeGreaterThan(fuzzed.conversations / 2)
    // those that nothing was done to got every answer that a good client needs
    expect(fuzzed.twins).toBeGreaterThan(100)
    expect(fuzzed.exactTwins).toBeGreaterThan(0.9 * fuzzed.twins)
  },
)

test(
  'a client that floods, or does not read, stays within the limits of the door as installed',
  SLOW,
  async () => {
    const door = await openDoorInProcess({ limits: PGWIRE_LIMITS })
    const kinds = ['flood'] as const
    const options = { ...door, seed: SEED, messages: 4000, secure: false, kinds }
    expect((await fuzzConversations(options)).sessions).toBeGreaterThan(3)
  },
)

/** Conversations that went well, with what was answered. */
async function goodExchanges(): Promise<{
  check: (exchange: Exchange) => 'right' | 'wrong'
  exchanges: readonly Exchange[]
}> {
  const exchanges: Exchange[] = []
  const onExchange = (exchange: Exchange): number => exchanges.push(exchange)
  const door = await openDoorInProcess({ limits: SMALL_LIMITS, onExchange })
  const kinds = ['twin'] as const
  await fuzzConversations({ ...door, seed: SEED, messages: 1500, secure: false, kinds })
  const check = (exchange: Exchange): 'right' | 'wrong' => {
    try {
      return judge(door.world, exchange).missing === 'owed' ? 'wrong' : 'right'
    } catch {
      return 'wrong'
    }
  }
  return { check, exchanges }
}

/** The answers of a session, whole messages, from behind its first ReadyForQuery. */
function sessionAnswers(received: Buffer): { head: Buffer; answers: Buffer[] } {
  const answers: Buffer[] = []
  for (let at = received.toString('latin1', 0, 1) === 'N' ? 1 : 0; at < received.length;) {
    const end = at + 1 + received.readInt32BE(at + 1)
    answers.push(received.subarray(answers.length === 0 ? 0 : at, end))
    at = end
  }
  const ready = answers.findIndex((answer) => typeOf(answer) === 'Z')
  return {
    head: Buffer.concat(answers.slice(0, ready + 1)),
    answers: answers.slice(ready + 1),
  }
}

const typeOf = (answer: Buffer | undefined): string => answer?.toString('latin1', 0, 1) ?? ''

/** May come in any number: settings that changed, and notices. */
const isOptional = (answer: Buffer | undefined): boolean => 'SN'.includes(typeOf(answer))

test(
  'the judge sees every answer that is lost, doubled, changed for another or out of order',
  SLOW,
  async () => {
    const { check, exchanges } = await goodExchanges()
    const missed: string[] = []
    let changes = 0
    for (const exchange of exchanges) {
      expect(check(exchange)).toBe('right')
      const { head, answers } = sessionAnswers(exchange.received)
      for (const [at, answer] of answers.entries()) {
        if (isOptional(answer)) continue
        const next = answers[at + 1]
        const swapped = next && typeOf(next) !== typeOf(answer) && !isOptional(next)
        const changed: Record<string, Buffer[]> = {
          lost: answers.toSpliced(at, 1),
          doubled: answers.toSpliced(at, 0, answer),
          ...(swapped && { swapped: answers.toSpliced(at, 2, next, answer) }),
          ...(typeOf(answer) !== '1' && { other: answers.toSpliced(at, 1, PARSE_COMPLETE) }),
        }
        for (const [how, wrong] of Object.entries(changed)) {
          changes += 1
          const received = Buffer.concat([head, ...wrong])
          if (check({ ...exchange, received }) === 'right') missed.push(`${how} ${typeOf(answer)}`)
        }
      }
    }
    expect(changes).toBeGreaterThan(1000)
    expect(missed).toEqual([])
  },
)

const PARSE_COMPLETE = Buffer.from('3100000004', 'hex')

test('the judge sees an answer behind the last one', async () => {
  const { check, exchanges } = await goodExchanges()
  for (const exchange of exchanges) {
    const received = Buffer.concat([exchange.received, PARSE_COMPLETE])
    expect(check({ ...exchange, received })).toBe('wrong')
  }
})
