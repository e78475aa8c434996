/**
 * Hostile clients against the BLUE door, in this process: a short version of `npm run fuzz:grpc`,
 * which sends a hundred times as much from another seed each time.
 */
import { expect, test } from 'vitest'
import { fuzzCalls } from '../fuzz/grpc/fuzz-calls.ts'
import { fuzzMessages } from '../fuzz/grpc/fuzz-messages.ts'

const SEED = 20_263

/** On a busy machine; a quiet one needs some 5 s for each. */
const SLOW = { timeout: 120_000 }

test(
  '100,000 bent messages are read with the types that the door counts on, or refused',
  SLOW,
  () => {
    const { messages, decoded } = fuzzMessages(SEED, 100_000)
    expect(decoded).toBeGreaterThan(messages / 3)
    expect(decoded).toBeLessThan(messages)
  },
)

test(
  '30,000 calls in any order reach nothing of another, leave nothing behind, and disturb nobody',
  SLOW,
  async () => {
    const { calls, strange, rows, conversations } = await fuzzCalls({ seed: SEED, calls: 30_000 })
    expect(strange).toBeGreaterThan(calls / 3)
    expect(strange).toBeLessThan(calls * 0.9)
    expect(rows).toBe(conversations * 1004)
  },
)
