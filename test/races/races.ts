/**
 * Rights are taken away while sessions run everything that there is (design, engine fact 3): after
 * the act is acknowledged no statement of the client starts or gives a row, those that run end, and
 * nothing of it is written.
 */
import { readFileSync } from 'node:fs'
import { present } from '../../src/base/assert.ts'
import { ControlClient } from '../../src/cli/control-client.ts'
import { startBluegate } from '../clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../clients/harness/bluegate-server.ts'
import { RawConnection } from '../clients/harness/raw-connection.ts'
import { connectOptions } from '../clients/harness/test-server.ts'
import { BlueClient } from '../fixtures/blue-client.ts'
import { BLUE_KIND_NAMES, BlueRaceSession } from './blue-race-session.ts'
import { KIND_NAMES, RaceSession } from './race-session.ts'
import type { Race, Racer } from './race-session.ts'

/** Beyond it a session hangs, whatever the machine has to do. */
const END_MS_MAX = 60_000
const HEAD_START_MS_MAX = 1500

const ALL_KIND_NAMES = [...KIND_NAMES, ...BLUE_KIND_NAMES]

const RIGHTS = ['SELECT, INSERT, UPDATE, DELETE ON TABLE race.ledger', 'CREATE ON SCHEMA race']

export interface RaceTotals {
  readonly rounds: number
  readonly byAct: Readonly<Record<string, number>>
  readonly sessions: number
  /** Turns of each kind that succeeded before the act: with none, nothing was put to the test. */
  readonly answered: Readonly<Record<string, number>>
  readonly violations: readonly string[]
  /** What the gateway said of each end of its engine: a statement may be deaf to its interrupt. */
  readonly engineEnds: readonly string[]
}

export async function runRaces(
  rounds: number,
  onRound: (totals: RaceTotals) => void = () => undefined,
): Promise<RaceTotals> {
  const server = await startBluegate({ env: { BLUEGATE_ENGINE_MEMORY: '512MiB' } })
  try {
    const track = new RaceTrack(server)
    await track.setUp()
    const byAct: Record<string, number> = {}
    const violations: string[] = []
    let sessions = 0
    for (let round = 0; round < rounds; round += 1) {
      const act = present(ACTS[round % ACTS.length], 'there are acts')
      const wrong = await track.race(act, round)
      violations.push(...wrong.map((what) => `round ${round}, ${act.name}: ${what}`))
      byAct[act.name] = (byAct[act.name] ?? 0) + 1
      sessions += ALL_KIND_NAMES.length
      const { answered } = track
      onRound({
        rounds: round + 1,
        byAct,
        sessions,
        answered,
        violations,
        engineEnds: endsOf(server),
      })
    }
    const { answered } = track
    return { rounds, byAct, sessions, answered, violations, engineEnds: endsOf(server) }
  } finally {
    await server.stop()
  }
}

interface Act {
  readonly name: string
  revoke(track: RaceTrack, client: string): Promise<unknown>
}

const ACTS: readonly Act[] = [
  {
    name: 'client disabled',
    revoke: ({ control }, client) => control.post(`/api/v1/clients/${client}/disable`),
  },
  {
    name: 'token regenerated',
    revoke: ({ control }, client) => control.post(`/api/v1/clients/${client}/regenerate`),
  },
  {
    name: 'client deleted',
    revoke: ({ control }, client) => control.delete(`/api/v1/clients/${client}`),
  },
  {
    name: 'another role',
    revoke: ({ control }, client) =>
      control.patch(`/api/v1/clients/${client}`, { role: 'bystanders' }),
  },
  {
    name: 'grants revoked',
    revoke: async ({ server }) => {
      // one statement each: what the second takes away is there until then
      for (const right of RIGHTS) await server.admin(`REVOKE ${right} FROM racing_rights`)
    },
  },
  {
    name: 'membership revoked',
    revoke: ({ server }) => server.admin('REVOKE racing_rights FROM racers'),
  },
]

class RaceTrack {
  readonly server: BluegateServer
  readonly control: ControlClient
  /** By the name of the kind. */
  readonly answered: Record<string, number> = {}
  readonly #ca: string

  constructor(server: BluegateServer) {
    this.server = server
    this.control = new ControlClient(server.dataDirectory)
    this.#ca = readFileSync(server.caFile, 'utf8')
  }

  async setUp(): Promise<void> {
    const { server } = this
    await server.admin('CREATE SCHEMA race')
    await server.admin('CREATE TABLE race.ledger (kind varchar, n bigint)')
    for (const role of ['racers', 'racing_rights', 'bystanders']) {
      await server.admin(`CREATE ROLE ${role}`)
    }
    for (const role of ['racers', 'bystanders']) {
      await server.admin(`GRANT LOGIN TO ${role}`)
      await server.admin(`GRANT CONNECT ON DATABASE master TO ${role}`)
    }
    await server.admin('GRANT USAGE ON SCHEMA race TO racing_rights')
  }

  async race(act: Act, round: number): Promise<string[]> {
    const { server } = this
    for (const right of RIGHTS) await server.admin(`GRANT ${right} TO racing_rights`)
    await server.admin('GRANT racing_rights TO racers').catch(ignoreHeld)
    await this.#admin('DELETE FROM race.ledger')
    await this.#admin("INSERT INTO race.ledger VALUES ('update', 0), ('merge', 0)")
    await this.#admin('DROP TABLE IF EXISTS race.made')
    const name = `racer${round}`
    const made = { name, role: 'racers' }
    const { token } = await this.control.post<{ token: string }>('/api/v1/clients', made)
    const options = connectOptions(server, { ...made, token })

    const race: Race = { acknowledgedAt: undefined }
    const sessions: Racer[] = await Promise.all([
      ...KIND_NAMES.map(async (kind) => {
        return new RaceSession(kind, await RawConnection.open(options), race)
      }),
      ...BLUE_KIND_NAMES.map(async (kind) => {
        const client = new BlueClient({ ...server.grpc, ca: this.#ca })
        await client.logIn(token)
        return new BlueRaceSession(kind, client, race)
      }),
    ])
    await Promise.all(sessions.map((session) => session.begin()))
    const running = sessions.map((session) => session.run())
    await new Promise((resolve) => setTimeout(resolve, Math.random() * HEAD_START_MS_MAX))
    await act.revoke(this, name)
    race.acknowledgedAt = performance.now()
    const left = await this.#written()
    const wrong = (
      await Promise.all(
        running.map((ending, index) =>
          inTime(ending, present(ALL_KIND_NAMES[index], 'each has a name')),
        ),
      )
    ).flat()
    const found = await this.#written()
    if (found !== left) wrong.push(`written after the revocation: ${left}, then ${found}`)
    for (const session of sessions) {
      await session.close()
      this.answered[session.name] = (this.answered[session.name] ?? 0) + session.answered
    }
    return wrong
  }

  /** Once more, when the engine was restarted meanwhile. */
  async #admin(sql: string): Promise<unknown> {
    try {
      return await this.server.admin(sql)
    } catch (error) {
      if ((error as { code?: string }).code !== '57P02') throw error
      return await this.server.admin(sql)
    }
  }

  /** Changes with every write of the sessions. */
  async #written(): Promise<string> {
    const sql = 'SELECT kind, count(*), sum(n) FROM race.ledger GROUP BY kind ORDER BY kind'
    return JSON.stringify(await this.#admin(sql))
  }
}

async function inTime(running: Promise<string[]>, kind: string): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([`${kind}: still running`]), END_MS_MAX)
  })
  return await Promise.race([running, late]).finally(() => clearTimeout(timer))
}

function endsOf(server: BluegateServer): string[] {
  return server
    .printed()
    .split('\n')
    .filter((line) => line.includes('the engine ended'))
}

/** Of a membership that is there already. */
function ignoreHeld(error: unknown): void {
  if ((error as { code?: string }).code !== '42710') throw error
}
