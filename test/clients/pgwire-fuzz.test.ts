/**
 * Hostile clients against a running gateway, through TLS and without: a short version of
 * `npm run fuzz:pgwire`, which sends fifty times as much from another seed each time.
 */
import { expect, test } from 'vitest'
import { fuzzGateway } from '../fuzz/pgwire/fuzz-gateway.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

test.skipIf(AGAINST_POSTGRESQL)(
  '2,000 messages through sockets are answered in order, to an end, and harm nobody',
  async () => {
    const fuzzed = await fuzzGateway({ seed: 20_262, messages: 2000 })
    expect(fuzzed.sessions).toBeGreaterThan(fuzzed.conversations / 2)
    // those that nothing was done to got every answer that a good client needs
    expect(fuzzed.exactTwins).toBeGreaterThan(10)
  },
)
