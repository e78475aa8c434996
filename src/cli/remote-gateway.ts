/**
 * A gateway on another machine: its HTTPS address, the token to prove who asks, the CA to trust.
 *
 * The token comes from a file or a variable and never from a flag: everybody on a machine can read
 * the words of a command.
 */
import { readFileSync } from 'node:fs'
import { GatewayError } from '../base/gateway-error.ts'

export interface RemoteGateway {
  readonly server: URL
  readonly token: string
  /** PEM; undefined: what the system trusts. */
  readonly ca: string | undefined
  /** Where `ca` was read from. */
  readonly caFile: string | undefined
}

export interface RemoteFlags {
  readonly server?: string
  readonly tokenFile?: string
  readonly caFile?: string
}

/**
 * @param variable What `BLUEGATE_TOKEN` holds.
 * @throws GatewayError `invalid_parameter_value` naming the flag and the fix.
 */
export function remoteGateway(
  { server = '', tokenFile, caFile }: RemoteFlags,
  variable: string | undefined,
): RemoteGateway {
  return {
    server: serverOf(server),
    token: tokenOf(tokenFile === undefined ? variable : contentOf('--token-file', tokenFile)),
    ca: caFile === undefined ? undefined : contentOf('--ca-file', caFile),
    caFile,
  }
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url?.pathname === '/' && !url.search && !url.hash && !url.username
  if (url?.protocol === 'https:' && isPlain) return url
  throw new GatewayError('invalid_parameter_value', `--server "${text}" cannot be used`, {
    hint: 'Write it as https://HOST:PORT; the console of the gateway has the same address.',
  })
}

function tokenOf(text: string | undefined): string {
  const token = text?.trim() ?? ''
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new GatewayError('invalid_parameter_value', 'there is no access token to show', {
    hint: 'Put the token of a client whose role has CLUSTERADMIN into a file for --token-file, or into the variable BLUEGATE_TOKEN.',
  })
}

function contentOf(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GatewayError('invalid_parameter_value', `${flag} ${file} cannot be read`, {
      hint: 'Check the path, and that you may read the file.',
      cause,
    })
  }
}
