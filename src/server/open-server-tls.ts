/** The server's certificate, from the administrator's files or from our own CA. */
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Log } from '../base/log.ts'
import { certificateFiles, serverNames } from './certificates/private-ca.ts'
import { openOwnTls, openPrivateTls } from './certificates/server-tls.ts'
import type { ServerTls } from './certificates/server-tls.ts'
import type { Config } from './config/config-keys.ts'

/** @throws GatewayError when the files cannot be used. */
export async function openServerTls(config: Config, tlsDir: string, log: Log): Promise<ServerTls> {
  const certFile = config['tls.certFile']
  const keyFile = config['tls.keyFile']
  if (certFile !== undefined && keyFile !== undefined) {
    return await openOwnTls({ certFile, keyFile, caFile: config['tls.caFile'] }, log)
  }
  await mkdir(tlsDir, { recursive: true, mode: 0o700 })
  const names = serverNames([...config['tls.names'], ...addressOf(config.listen)])
  return await openPrivateTls(certificateFiles(tlsDir, config.secretsDir), names, log)
}

/** The address that is listened on, unless it stands for all of them. */
function addressOf(listen: string): string[] {
  return isIP(listen) !== 0 && listen !== '0.0.0.0' && listen !== '::' ? [listen] : []
}
