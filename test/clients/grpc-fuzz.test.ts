/**
 * Attackers at the BLUE door of a running gateway: a short version of `npm run fuzz:grpc`, which
 * sends twenty times as much from another seed each time.
 */
import { expect, test } from 'vitest'
import { fuzzGateway } from '../fuzz/grpc/fuzz-gateway.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

test.skipIf(AGAINST_POSTGRESQL)(
  '5,000 frames through sockets harm nobody, and read nothing of another',
  async () => {
    const fuzzed = await fuzzGateway({ seed: 20_264, frames: 5000 })
    expect(fuzzed.connections).toBeGreaterThan(20)
    expect(fuzzed.good).toBeGreaterThan(5)
  },
)
