/** Lets minutes pass for a gateway, and for nobody else. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const CLOCK = new URL('moved-clock.mjs', import.meta.url)

/** The gateway looks every 50 ms. */
const SEEN_MS = 300

export interface GatewayClock {
  /** For `startBluegate`. */
  readonly env: Readonly<Record<string, string>>
  pass(minutes: number): Promise<void>
  remove(): void
}

export function gatewayClock(): GatewayClock {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-clock-'))
  const file = path.join(directory, 'ahead-ms')
  let aheadMs = 0
  return {
    env: { NODE_OPTIONS: `--import=${CLOCK.href}`, TEST_CLOCK_FILE: file },
    async pass(minutes) {
      aheadMs += minutes * 60_000
      writeFileSync(`${file}.new`, String(aheadMs))
      renameSync(`${file}.new`, file)
      await sleep(SEEN_MS)
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
