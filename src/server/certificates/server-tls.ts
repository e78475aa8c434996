/**
 * The certificate that the doors show, always the newest one.
 *
 * A door asks `certificate()` for each connection, so a renewed certificate, or new files of the
 * administrator's, take effect without a restart and without touching open connections.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { SecureContextOptions } from 'node:tls'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Log } from '../../base/log.ts'
import type { KeyAndCertificate } from './issue-certificate.ts'
import { loadCa, loadServerCertificate } from './private-ca.ts'
import type { CertificateFiles } from './private-ca.ts'

const RENEWAL_CHECK_MS = 6 * 3_600_000
const FILE_POLL_MS = 2_000

export interface ServerTls {
  /** For the next connection; the same object until there is another certificate. */
  certificate(): SecureContextOptions
  /** What clients verify with; undefined when own files were given without one. */
  readonly caFile: string | undefined
  /** SHA-256 of the CA certificate, or of the server's own one where we do not know its CA. */
  readonly fingerprint: string
  stop(): void
}

/**
 * From our own CA, renewed while we run.
 * @param names Host names and addresses that the certificate must hold.
 * @throws GatewayError as `loadCa`.
 */
export async function openPrivateTls(
  files: CertificateFiles,
  names: readonly string[],
  log: Log,
): Promise<ServerTls> {
  const ca = await loadCa(files, new Date())
  const load = async (): Promise<KeyAndCertificate> => {
    const leaf = await loadServerCertificate(files, ca, names, new Date())
    return { key: leaf.key, certificate: `${leaf.certificate}${ca.certificate}` }
  }
  const current = await openCurrent(load, log)
  const timer = setInterval(() => void current.reload(), RENEWAL_CHECK_MS)
  timer.unref()
  return {
    certificate: current.get,
    caFile: files.caFile,
    fingerprint: fingerprintOf(ca.certificate),
    stop: () => clearInterval(timer),
  }
}

/**
 * From the administrator's own files, read again when one of them changes.
 * @throws GatewayError `invalid_parameter_value` when they cannot be used.
 */
export async function openOwnTls(
  files: { certFile: string; keyFile: string; caFile: string | undefined },
  log: Log,
): Promise<ServerTls> {
  const load = async (): Promise<KeyAndCertificate> => ({
    certificate: await readFile(files.certFile, 'utf8'),
    key: await readFile(files.keyFile, 'utf8'),
  })
  const current = await openCurrent(load, log).catch((cause: unknown) => {
    throw new GatewayError(
      'invalid_parameter_value',
      `tls.certFile and tls.keyFile cannot be used: ${cause instanceof Error ? cause.message : 'unreadable'}`,
      { hint: 'Give a PEM certificate chain, the server first, and its PEM private key.', cause },
    )
  })
  const watched = [files.certFile, files.keyFile]
  const changed = (): void => void current.reload()
  for (const file of watched) {
    watchFile(file, { interval: FILE_POLL_MS, persistent: false }, changed)
  }
  const shown = await readFile(files.caFile ?? files.certFile, 'utf8')
  return {
    certificate: current.get,
    caFile: files.caFile,
    fingerprint: fingerprintOf(shown),
    stop: () => watched.forEach((file) => unwatchFile(file, changed)),
  }
}

/** Options that are replaced when what `load` gives has changed, and kept when that is unusable. */
async function openCurrent(
  load: () => Promise<KeyAndCertificate>,
  log: Log,
): Promise<{ get: () => SecureContextOptions; reload: () => Promise<void> }> {
  let loaded = await load()
  let options = checkedOptions(loaded)
  return {
    get: () => options,
    reload: async () => {
      try {
        const next = await load()
        if (next.certificate === loaded.certificate && next.key === loaded.key) return
        options = checkedOptions(next)
        loaded = next
        const { validTo } = new X509Certificate(next.certificate)
        log.info({ validTo }, 'new connections get the new certificate')
      } catch (error) {
        // Of two files one is replaced first: until the other follows, they do not fit.
        log.warn({ error }, 'the certificate files cannot be used; the present one stays')
      }
    },
  }
}

function checkedOptions({ certificate, key }: KeyAndCertificate): SecureContextOptions {
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
    throw new Error('the private key does not belong to the certificate')
  }
  const options: SecureContextOptions = { cert: certificate, key, minVersion: 'TLSv1.2' }
  createSecureContext(options) // throws for what TLS itself would refuse
  return options
}

function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256
}
