/**
 * The door of the local administrator: a Unix socket in the data directory.
 *
 * Who may open the socket is the local administrator: its mode is 0600 and that of the directory
 * 0700. There is no other proof, and none is asked for.
 */
import { chmod, rm } from 'node:fs/promises'
import { reachableSocketPath } from '../../base/control-socket-path.ts'
import type { ApiParts } from './api-parts.ts'
import { buildApi } from './build-api.ts'
import type { Caller } from './caller.ts'

const SOCKET_MODE = 0o600

export interface ControlSocket {
  /** Takes no new requests, and waits for the running ones. */
  stop(): Promise<void>
}

/** The caller holds the data directory's lock: a socket that is there is left over. */
export async function listenControlSocket(
  dataDir: string,
  parts: ApiParts,
): Promise<ControlSocket> {
  const app = buildApi(parts, () => localCaller(parts))
  const socket = reachableSocketPath(dataDir)
  await rm(socket, { force: true })
  await app.listen({ path: socket })
  await chmod(socket, SOCKET_MODE)
  return { stop: () => app.close() }
}

export function localCaller({ identity }: Pick<ApiParts, 'identity'>): Caller {
  const principal = identity.localAdministrator()
  return { principal, address: 'local', door: 'local', tool: 'bluegate' }
}
