/** TLS over a connection that has begun: after an SSLRequest, or from the first byte on. */
import type { Socket } from 'node:net'
import { TLSSocket, createSecureContext } from 'node:tls'
import type { SecureContext, SecureContextOptions } from 'node:tls'

/** The protocol's registered name. Source: PostgreSQL manual, "SSL Session Encryption". */
const ALPN_PROTOCOL = 'postgresql'

export type SecureContextSource = () => SecureContext

/**
 * Contexts from the certificate in force. One is made per certificate, not per connection: it
 * costs about a millisecond, and session tickets live in it.
 */
export function secureContexts(options: () => SecureContextOptions): SecureContextSource {
  let made: { readonly from: SecureContextOptions; readonly context: SecureContext } | undefined
  return () => {
    const from = options()
    if (made?.from !== from) {
      made = { from, context: createSecureContext({ minVersion: 'TLSv1.2', ...from }) }
    }
    return made.context
  }
}

/**
 * @param plain A paused socket without listeners for data; what it still holds is the handshake.
 * @param alpn  `required` for a client that began with TLS: other protocols do that too.
 * @returns the secure socket after the handshake.
 * @throws TlsFailed when the handshake fails. The socket is destroyed then.
 */
export async function upgradeToTls(
  plain: Socket,
  context: SecureContext,
  alpn: 'optional' | 'required',
): Promise<TLSSocket> {
  const secure = new TLSSocket(plain, {
    isServer: true,
    secureContext: context,
    ALPNProtocols: [ALPN_PROTOCOL], // a client that offers only others is refused by TLS itself
  })
  try {
    await new Promise<void>((resolve, reject) => {
      secure.once('secure', resolve)
      secure.on('error', reject)
      secure.once('close', () => reject(new Error('the connection ended in the handshake')))
    })
  } catch (cause) {
    secure.destroy()
    throw new TlsFailed(cause instanceof Error ? cause.message : 'unknown', { cause })
  }
  if (alpn === 'required' && secure.alpnProtocol !== ALPN_PROTOCOL) {
    secure.destroy()
    throw new TlsFailed(`direct TLS without the protocol ${ALPN_PROTOCOL}`)
  }
  return secure
}

/** The client cannot be told anything: there is no line on which it would understand. */
export class TlsFailed extends Error {
  /** The client ended it because it does not trust our certificate. */
  get certificateRefused(): boolean {
    const code = (this.cause as NodeJS.ErrnoException | undefined)?.code ?? ''
    return /ALERT_(?:UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE|CERTIFICATE_EXPIRED)$/.test(
      code,
    )
  }
}
