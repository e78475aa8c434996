/** A tool that does not trust our certificate: it never says which client it is. */
import { GatewayError } from '../base/gateway-error.ts'
import type { SessionOrigin } from '../session/session.ts'
import type { LoginRefusal } from './login-refusal.ts'

/** Whether a TLS handshake ended because the other side refused the certificate. */
export function isCertificateRefused(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  return /ALERT_(?:UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE|CERTIFICATE_EXPIRED)$/.test(code)
}

/** For the audit. @param message Of TLS. */
export function certificateRefusal(
  door: SessionOrigin['door'],
  address: string,
  message: string,
): LoginRefusal {
  return {
    clientName: '(unknown)',
    database: undefined,
    origin: { door, address, tool: 'unknown', tlsVersion: undefined },
    error: new GatewayError('protocol_violation', `TLS failed: ${message}`, {
      cause: 'certificate_not_trusted',
    }),
    startedAt: new Date(),
  }
}
