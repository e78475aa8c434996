/** The door that people's browsers and programs of HTTP come through, on the configured address. */
import { fileURLToPath } from 'node:url'
import type { ApiParts } from '../protocol/http/api-parts.ts'
import { listenHttps } from '../protocol/http/listen-https.ts'
import type { ServerTls } from './certificates/server-tls.ts'
import type { Config } from './config/config-keys.ts'
import { cannotListen, shownHost } from './listen-for-drivers.ts'
import type { OpenDoors } from './listen-for-drivers.ts'

/** Made by the build of the console. */
const CONSOLE_DIRECTORY = fileURLToPath(new URL('../../console/dist/', import.meta.url))

/** @throws GatewayError `object_in_use` when the address cannot be had. */
export async function listenForBrowsers(
  config: Config,
  tls: ServerTls,
  parts: ApiParts,
): Promise<OpenDoors> {
  const port = config['https.port']
  const https = await listenHttps({
    host: config.listen,
    port,
    tls: () => tls.certificate(),
    limits: {
      loginMs: config['limits.loginTime'],
      unauthenticatedMax: config['limits.unauthenticatedMax'],
      unauthenticatedPerAddressMax: config['limits.unauthenticatedPerAddressMax'],
    },
    consoleDirectory: CONSOLE_DIRECTORY,
    parts,
  }).catch((cause: unknown) => {
    throw cannotListen('https.port', config.listen, port, cause)
  })
  return {
    doors: { https: { host: shownHost(config), port: https.port } },
    close: (graceMs) => https.close(graceMs),
  }
}
