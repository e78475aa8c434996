/** A minute of `npm run soak`. Bluegate alone. */
import { expect, test } from 'vitest'
import { soak } from '../soak/soak.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'

/** Several times what it takes: a gateway that kept something of every statement would pass it. */
const GATEWAY_MB_MAX = 1024

test.skipIf(AGAINST_POSTGRESQL)(
  'beside hostile clients, well-behaved ones get right answers, keep their sessions, and see 57P02 at worst',
  async () => {
    const report = await soak({ minutes: 1, wellBehaved: 50, hostile: 5 })
    expect(report.wellBehaved.violations).toEqual([])
    expect(report.wellBehaved.statements).toBeGreaterThan(50)
    expect(report.hostile.statements).toBeGreaterThan(5)
    expect(report.gatewayMb.peak).toBeLessThan(GATEWAY_MB_MAX)
  },
)
