/** The embedded engine, in its real host process, owes what every engine owes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { present } from '../../src/base/assert.ts'
import { silentLog } from '../../src/base/log.ts'
import { startEngine } from '../../src/engine/client/start-engine.ts'
import { engineContract } from '../../src/engine/engine-contract.ts'
import { testPermit } from '../fixtures/test-permit.ts'

const MIB = 1024 * 1024

engineContract('DuckDB in its host', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bluegate-engine-'))
  let pid: unknown
  const engine = await startEngine({
    dataDirectory: join(directory, 'data'),
    tempDirectory: join(directory, 'temp'),
    allowedDirectories: [],
    limits: {
      memoryBytes: 256 * MIB,
      threads: 2,
      workers: 6,
      killAfterMs: 10_000,
      spoolBytesMax: 64 * MIB,
    },
    log: { ...silentLog, info: (fields) => (pid = fields['pid']) },
  })
  return {
    engine,
    permit: testPermit,
    hostPid: () => Number(present(pid, 'the host has a process id')),
    dispose: async () => {
      await engine.stop()
      rmSync(directory, { recursive: true })
    },
  }
})
