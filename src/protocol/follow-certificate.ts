/** A TLS server that shows the certificate in force: a renewed one from the next connection on. */
import type { SecureContextOptions, Server } from 'node:tls'

/** For the making of the server as well. */
export const TLS_OPTIONS = { minVersion: 'TLSv1.2' } as const

/**
 * @param shown What the server was made with.
 * @param newest The certificate in force; a new object when it was renewed.
 */
export function followCertificate(
  server: Server,
  shown: SecureContextOptions,
  newest: () => SecureContextOptions,
): void {
  let current = shown
  server.prependListener('connection', () => {
    const next = newest()
    if (next !== current) server.setSecureContext({ ...TLS_OPTIONS, ...next })
    current = next
  })
}
