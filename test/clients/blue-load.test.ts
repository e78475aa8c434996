/** A minute of `npm run soak -- --blue`. */
import { expect, test } from 'vitest'
import { blueLoad } from '../soak/blue-load.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

const GROWTH_MB_MAX = 256

test.skipIf(AGAINST_POSTGRESQL)(
  '20 programs with 5 connections of 20 cursors each, and 4 that ping every half second, get right answers from a busy gateway, lose no connection, and leave nothing behind',
  { timeout: 900_000 }, // of this, a quiet machine needs some minutes
  async () => {
    const report = await blueLoad({
      seconds: 60,
      programs: 20,
      connectionsEach: 5,
      cursorsEach: 20,
      impatient: 4,
    })
    expect(report.errors).toEqual([])
    expect(report.right).toBeGreaterThan(19 * 100 * 2)
    expect(report.busyStatements).toBeGreaterThan(3)
    expect(report.sessionsLeft).toBe(1)
    expect(report.gatewayMb.left - report.gatewayMb.connected).toBeLessThan(GROWTH_MB_MAX)
  },
)
