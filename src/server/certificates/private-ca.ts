/**
 * The installation's own CA and server certificate, kept in files.
 *
 * `<data>/tls/ca.crt` is what clients verify with; the private keys lie in the secrets directory.
 * The CA is made once and never replaced on its own: clients hold a copy of it. The server's
 * certificate is replaced whenever it should be (near its end, other names, keys that do not fit).
 */
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import path from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import { writeDurably } from '../write-durably.ts'
import { issueCa, issueServerCertificate } from './issue-certificate.ts'
import type { KeyAndCertificate } from './issue-certificate.ts'

const LEAF_DAYS = 90
const RENEW_BEFORE_MS = 30 * 86_400_000
const PUBLIC_MODE = 0o644
const PRIVATE_MODE = 0o600

export interface CertificateFiles {
  readonly caFile: string
  readonly caKeyFile: string
  readonly serverFile: string
  readonly serverKeyFile: string
}

/** Both directories must exist. */
export function certificateFiles(tlsDir: string, secretsDir: string): CertificateFiles {
  return {
    caFile: path.join(tlsDir, 'ca.crt'),
    caKeyFile: path.join(secretsDir, 'ca.key'),
    serverFile: path.join(tlsDir, 'server.crt'),
    serverKeyFile: path.join(secretsDir, 'server.key'),
  }
}

/** `names`, after what every installation answers to. */
export function serverNames(names: readonly string[]): string[] {
  return [...new Set(['localhost', hostname(), '127.0.0.1', '::1', ...names])]
}

/**
 * The CA from its files, made when there is none.
 * @throws GatewayError `object_not_in_prerequisite_state` when its key is lost or is another's.
 */
export async function loadCa(files: CertificateFiles, now: Date): Promise<KeyAndCertificate> {
  const certificate = await readIfThere(files.caFile)
  if (certificate === undefined) {
    const ca = await issueCa(`Bluegate CA ${hostname()}`, now)
    await writeDurably(files.caKeyFile, ca.key, PRIVATE_MODE)
    await writeDurably(files.caFile, ca.certificate, PUBLIC_MODE)
    return ca
  }
  const key = await readIfThere(files.caKeyFile)
  if (key === undefined || !fits(certificate, key)) {
    throw new GatewayError(
      'object_not_in_prerequisite_state',
      `${files.caKeyFile} is not the key of ${files.caFile}`,
      {
        hint: `Bring the key back from a backup of the secrets directory, or delete ${files.caFile} to make a new CA; every client then needs the new file.`,
      },
    )
  }
  return { certificate, key }
}

/** The server's certificate from its files, made anew when it may not be used (any longer). */
export async function loadServerCertificate(
  files: CertificateFiles,
  ca: KeyAndCertificate,
  names: readonly string[],
  now: Date,
): Promise<KeyAndCertificate> {
  const certificate = await readIfThere(files.serverFile)
  const key = await readIfThere(files.serverKeyFile)
  if (
    certificate !== undefined &&
    key !== undefined &&
    isUsable(certificate, key, ca, names, now)
  ) {
    return { certificate, key }
  }
  const fresh = await issueServerCertificate(ca, names, LEAF_DAYS, now)
  await writeDurably(files.serverKeyFile, fresh.key, PRIVATE_MODE)
  await writeDurably(files.serverFile, fresh.certificate, PUBLIC_MODE)
  return fresh
}

function isUsable(
  certificate: string,
  key: string,
  ca: KeyAndCertificate,
  names: readonly string[],
  now: Date,
): boolean {
  if (!fits(certificate, key)) return false
  const leaf = new X509Certificate(certificate)
  return (
    leaf.verify(new X509Certificate(ca.certificate).publicKey) &&
    Date.parse(leaf.validTo) - now.getTime() > RENEW_BEFORE_MS &&
    names.every((name) => holdsName(leaf, name))
  )
}

/** Whether the name itself is in the certificate; a wildcard is compared as it is written. */
function holdsName(leaf: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return leaf.checkIP(name) !== undefined
  return leaf.subjectAltName?.split(', ').includes(`DNS:${name}`) ?? false
}

/** False for what is no certificate or no key, too: a file that was cut is as good as none. */
function fits(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
