/** Where a tool connects to, as whom, and what it trusts: what every snippet is made from. */
import { GatewayError } from '../../../base/gateway-error.ts'
import type { GatewayStatus } from '../api-parts.ts'

export interface ConnectionTarget {
  /** Of the PostgreSQL door: a name that its certificate holds. */
  readonly host: string
  readonly port: number
  readonly database: string
  /** The name of the client: the user of the connection. */
  readonly user: string
  /** Where the tool finds the CA file; undefined: the certificate is one that systems trust. */
  readonly caFile: string | undefined
  /** Of the gRPC door, where it is open. */
  readonly grpcPort: number | undefined
  /** `https://host:port`, where that door is open. */
  readonly httpsUrl: string | undefined
}

/** Stands in a snippet where the access token goes. A token needs escaping nowhere. */
export const TOKEN_PLACE = '{{token}}'

/** What the CA file is called when it was downloaded. */
export const CA_FILE_NAME = 'bluegate-ca.crt'

/**
 * @param caFile Where the tool has the CA file; as it was downloaded by default.
 * @throws GatewayError `object_not_in_prerequisite_state` while no driver could connect.
 */
export function connectionTarget(
  { doors, caFile: ownCa }: Pick<GatewayStatus, 'doors' | 'caFile'>,
  user: string,
  caFile = CA_FILE_NAME,
): ConnectionTarget {
  const { pg, grpc, https } = doors
  if (!pg) {
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      'the door of PostgreSQL drivers is not open',
    )
  }
  return {
    host: pg.host,
    port: pg.port,
    database: 'master',
    user,
    caFile: ownCa === undefined ? undefined : caFile,
    grpcPort: grpc?.port,
    httpsUrl: https && `https://${hostInUrl(https.host)}:${https.port}`,
  }
}

/** Source: RFC 3986, section 3.2.2. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
