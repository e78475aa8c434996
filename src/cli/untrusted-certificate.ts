/** A gateway whose certificate says something else than whom it was asked for. */
import { GatewayError } from '../base/gateway-error.ts'

/** @returns undefined when the error is about something else. */
export function untrustedCertificate(
  where: string,
  error: NodeJS.ErrnoException,
): GatewayError | undefined {
  const { code = '' } = error
  if (!/CERT|SELF_SIGNED|UNABLE_TO_|ISSUER/.test(code)) return undefined
  const hint =
    code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? 'Use a name that the certificate holds; the setting tls.names adds some.'
      : 'Name the CA file of that gateway with --ca-file. It lies in tls/ca.crt of its data directory; compare its fingerprint.'
  const message = `the certificate of ${where} is not trusted: ${error.message}`
  return new GatewayError('cannot_connect_now', message, { hint, cause: error })
}
