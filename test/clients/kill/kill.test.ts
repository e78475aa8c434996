/**
 * kill -9 of the gateway, of the engine host, of both, at random moments of a write load: nothing
 * acknowledged is lost, no grant reaches a re-created name, and the next start needs no hand.
 *
 * 20 rounds here, 200 by `npm run kill`.
 */
import { expect, test } from 'vitest'
import { KillableGateway } from './killable-gateway.ts'
import type { Victim } from './killable-gateway.ts'
import { WriteLoad } from './write-load.ts'

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 20)
const VICTIMS: readonly Victim[] = ['gateway', 'engine', 'both']

test(
  `after each of ${ROUNDS} kills everything that was acknowledged is there`,
  { timeout: 60_000 + ROUNDS * 30_000 },
  async () => {
    const gateway = new KillableGateway()
    try {
      await gateway.start()
      const load = new WriteLoad(gateway)
      await load.setUp()
      for (let round = 0; round < ROUNDS; round += 1) {
        const stop = new AbortController()
        const running = load.run(stop.signal)
        const before = load.acts
        await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800))
        const victim = VICTIMS[round % VICTIMS.length] ?? 'both'
        const recovered = gateway.killAndRecover(victim)
        stop.abort()
        await recovered
        await running
        expect(load.acts, `acts in round ${round}`).toBeGreaterThan(before)
        await load.verify()
        const audit = await gateway.control.post<{ ok: boolean }>('/api/v1/audit/verify')
        expect(audit, `the audit's chain after round ${round}`).toMatchObject({ ok: true })
      }
    } finally {
      await gateway.stop()
    }
  },
)
