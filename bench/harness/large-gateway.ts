/**
 * A gateway with many clients, roles, open sessions and a long audit; or with few of each, which is
 * the peer. Everything is made as it is made in life: clients and roles over the API, sessions over
 * the wire; only the audit is written before the gateway starts, by the audit's own writer.
 */
import { startBluegate } from '../../test/clients/harness/bluegate-server.ts'
import type { BluegateServer } from '../../test/clients/harness/bluegate-server.ts'
import { assert, present } from '../../src/base/assert.ts'
import { ApiCaller } from './api-caller.ts'
import { forkClient } from './client-process.ts'
import { clientNameOf, fillAudit } from './fill-audit.ts'
import type { Target } from './raw-client.ts'

export interface GatewaySize {
  readonly clients: number
  readonly roles: number
  readonly sessions: number
  readonly auditRecords: number
}

export interface LargeGateway {
  readonly size: GatewaySize
  readonly server: BluegateServer
  readonly api: ApiCaller
  /** Of the first client. */
  readonly target: Target
  stop(): Promise<void>
}

const CREATIONS_AT_ONCE = 8

export async function startLargeGateway(size: GatewaySize): Promise<LargeGateway> {
  const { clients, auditRecords: records } = size
  const server = await startBluegate({
    env: { BLUEGATE_LIMITS_SESSIONS_MAX: String(size.sessions + 100) },
    ...(records > 0 && {
      prepare: (data: string, secrets: string) => fillAudit(data, secrets, { records, clients }),
    }),
  })
  const holder = forkClient()
  const stop = async (): Promise<void> => {
    holder.stop()
    await server.stop()
  }
  try {
    const { https, caFile } = server
    const admin = await server.bluegateJson('client', 'create', 'bench-admin', '--role', 'sqream')
    const api = new ApiCaller({ ...https, caFile, token: tokenOf(admin) })
    await inParallel(size.roles, async (index) => {
      const role = { name: roleNameOf(index), login: true, connect: ['master'] }
      await api.call('POST', '/api/v1/roles', role)
    })
    const tokens: string[] = []
    await inParallel(clients, async (index) => {
      const body = { name: clientNameOf(index), role: roleNameOf(index % size.roles) }
      tokens[index] = tokenOf(await api.json('POST', '/api/v1/clients', body))
    })
    const { host, port } = server
    const targets = tokens.map((password, index): Target => {
      return { host, port, user: clientNameOf(index), database: 'master', password }
    })
    await holder.ask({ kind: 'hold', targets: targets.slice(0, size.sessions) })
    return {
      size,
      server,
      api,
      target: present(targets[0], 'there is a client'),
      stop: async () => {
        api.stop()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

export function roleNameOf(index: number): string {
  return `role_${index}`
}

/** `work` of 0, 1 … so that some are always under way. */
async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    while (next < count) {
      next += 1
      await work(next - 1)
    }
  }
  await Promise.all(Array.from({ length: CREATIONS_AT_ONCE }, run))
}

function tokenOf(value: unknown): string {
  const { token } = value as { token?: unknown }
  assert(typeof token === 'string', 'a created client comes with its token')
  return token
}
