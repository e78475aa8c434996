import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, isIP } from 'node:net'
import type { AddressInfo } from 'node:net'
import { TLSSocket, connect, createSecureContext } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../base/log.ts'
import { issueCa, issueServerCertificate } from './issue-certificate.ts'
import { certificateFiles, loadCa, loadServerCertificate, serverNames } from './private-ca.ts'
import type { CertificateFiles } from './private-ca.ts'
import { openOwnTls, openPrivateTls } from './server-tls.ts'
import type { ServerTls } from './server-tls.ts'

const DAY_MS = 86_400_000
let directory: string
let files: CertificateFiles
let opened: ServerTls[] = []

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-tls-'))
  files = certificateFiles(directory, directory)
})
afterEach(() => {
  for (const tls of opened) tls.stop()
  opened = []
  rmSync(directory, { recursive: true })
})

/** Connects as a client that trusts only `ca`; gives the certificate shown, or the TLS error. */
async function connectTo(tls: ServerTls, ca: string, host: string): Promise<PeerCertificate> {
  const server = createServer((socket) => {
    const secureContext = createSecureContext(tls.certificate())
    new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await new Promise((resolve, reject) => {
      const servername = isIP(host) === 0 ? { servername: host } : {}
      const socket = connect({ port, host: '127.0.0.1', ca, ...servername })
      socket.on('error', reject)
      socket.on('secureConnect', () => {
        resolve(socket.getPeerCertificate())
        socket.destroy()
      })
    })
  } finally {
    server.close()
  }
}

test('a client that trusts the CA file connects by name, and one that does not is told so', async () => {
  const tls = await openPrivateTls(files, serverNames(['db.example.org']), silentLog)
  opened.push(tls)
  const ca = readFileSync(files.caFile, 'utf8')
  expect((await connectTo(tls, ca, 'db.example.org')).subject.CN).toBe('localhost')
  const stranger = await issueCa('other', new Date())
  await expect(connectTo(tls, stranger.certificate, 'db.example.org')).rejects.toThrow(
    /certificate/,
  )
  await expect(connectTo(tls, ca, 'elsewhere.example.org')).rejects.toThrow(/altnames/)
})

test('an address is verified as an address', async () => {
  const tls = await openPrivateTls(files, serverNames([]), silentLog)
  opened.push(tls)
  const shown = await connectTo(tls, readFileSync(files.caFile, 'utf8'), '127.0.0.1')
  expect(shown.subjectaltname).toContain('IP Address:127.0.0.1')
})

test('the fingerprint is that of the CA file, and private keys are for their owner alone', async () => {
  const tls = await openPrivateTls(files, serverNames([]), silentLog)
  opened.push(tls)
  const ca = new X509Certificate(readFileSync(files.caFile))
  expect(tls.fingerprint).toBe(ca.fingerprint256)
  expect(ca.ca).toBe(true)
  expect(statSync(files.caKeyFile).mode & 0o777).toBe(0o600)
  expect(statSync(files.serverKeyFile).mode & 0o777).toBe(0o600)
})

test('a second start keeps the CA and the server certificate', async () => {
  const now = new Date()
  const ca = await loadCa(files, now)
  const leaf = await loadServerCertificate(files, ca, ['localhost'], now)
  expect(await loadCa(files, now)).toEqual(ca)
  expect(await loadServerCertificate(files, ca, ['localhost'], now)).toEqual(leaf)
})

test('a server certificate is renewed 30 days before its end, and for new names', async () => {
  const now = new Date()
  const ca = await loadCa(files, now)
  const first = await loadServerCertificate(files, ca, ['localhost'], now)
  const early = new Date(now.getTime() + 59 * DAY_MS)
  expect(await loadServerCertificate(files, ca, ['localhost'], early)).toEqual(first)
  const late = new Date(now.getTime() + 61 * DAY_MS)
  const second = await loadServerCertificate(files, ca, ['localhost'], late)
  expect(second).not.toEqual(first)
  const third = await loadServerCertificate(files, ca, ['localhost', 'db.example.org'], late)
  expect(new X509Certificate(third.certificate).checkHost('db.example.org')).toBeDefined()
})

test('a key that was lost between two writes makes a new server certificate', async () => {
  const now = new Date()
  const ca = await loadCa(files, now)
  const first = await loadServerCertificate(files, ca, ['localhost'], now)
  writeFileSync(files.serverKeyFile, ca.key)
  expect(await loadServerCertificate(files, ca, ['localhost'], now)).not.toEqual(first)
})

test('a CA whose key is lost is not silently replaced', async () => {
  await loadCa(files, new Date())
  rmSync(files.caKeyFile)
  await expect(loadCa(files, new Date())).rejects.toMatchObject({
    kind: 'object_not_in_prerequisite_state',
    hint: expect.stringContaining('every client then needs the new file'),
  })
})

test('own files are used, and new ones take effect without a restart', async () => {
  const now = new Date()
  const ca = await issueCa('company CA', now)
  const certFile = path.join(directory, 'own.crt')
  const keyFile = path.join(directory, 'own.key')
  const replace = async (name: string): Promise<void> => {
    const leaf = await issueServerCertificate(ca, [name], 30, now)
    writeFileSync(keyFile, leaf.key)
    writeFileSync(certFile, leaf.certificate)
  }
  await replace('one.example.org')
  const tls = await openOwnTls({ certFile, keyFile, caFile: undefined }, silentLog)
  opened.push(tls)
  expect((await connectTo(tls, ca.certificate, 'one.example.org')).subject.CN).toBe(
    'one.example.org',
  )
  const before = tls.certificate()
  await replace('two.example.org')
  await vi.waitFor(() => expect(tls.certificate()).not.toBe(before), { timeout: 10_000 })
  expect((await connectTo(tls, ca.certificate, 'two.example.org')).subject.CN).toBe(
    'two.example.org',
  )
})

test('own files that do not belong together are refused at the start', async () => {
  const now = new Date()
  const ca = await issueCa('company CA', now)
  const leaf = await issueServerCertificate(ca, ['a.example.org'], 30, now)
  const certFile = path.join(directory, 'own.crt')
  const keyFile = path.join(directory, 'own.key')
  writeFileSync(certFile, leaf.certificate)
  writeFileSync(keyFile, ca.key)
  await expect(
    openOwnTls({ certFile, keyFile, caFile: undefined }, silentLog),
  ).rejects.toMatchObject({
    kind: 'invalid_parameter_value',
    message: expect.stringContaining('does not belong'),
  })
})
