/**
 * Where the local administrator's socket lies, and under what path it can be reached.
 *
 * The address of a Unix socket holds about a hundred bytes, however long paths may be elsewhere.
 * On Linux a longer one is reached through an open directory (`/proc/self/fd/N/…`).
 */
import { openSync } from 'node:fs'
import path from 'node:path'
import { GatewayError } from './gateway-error.ts'

/** `sun_path` has 104 bytes on macOS and 108 on Linux, with a zero byte at the end. */
const SOCKET_PATH_BYTES_MAX = 103

export function controlSocketFile(dataDir: string): string {
  return path.join(dataDir, 'control.sock')
}

/**
 * The path to listen on or to connect to. A long one keeps the data directory open for as long as
 * this process lives.
 * @throws GatewayError `invalid_parameter_value` when the path is too long for this system.
 */
export function reachableSocketPath(dataDir: string): string {
  const file = controlSocketFile(dataDir)
  if (Buffer.byteLength(file) <= SOCKET_PATH_BYTES_MAX) return file
  if (process.platform === 'linux') {
    return `/proc/self/fd/${openSync(dataDir, 'r')}/${path.basename(file)}`
  }
  throw new GatewayError(
    'invalid_parameter_value',
    `the path of the control socket is too long for this system: ${file}`,
    {
      hint: `Choose a data directory whose path is shorter than ${SOCKET_PATH_BYTES_MAX - 13} bytes.`,
    },
  )
}
