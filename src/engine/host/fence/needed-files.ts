/**
 * What the host itself opens: its code, the libraries that it is linked with, and what the C
 * library, Node and the engine ask the system about.
 */
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { libraryPath } from '../../duckdb/native/library-path.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

const SYSTEM_LIBRARIES = ['/usr', '/lib', '/lib64', '/lib32', '/nix/store']

const SYSTEM_FACTS = [
  // of other processes only what everybody may know: the file rules guard their memory
  '/proc',
  '/sys/fs/cgroup',
  '/sys/devices/system',
  '/sys/kernel/mm',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/ld-musl-x86_64.path',
  '/etc/localtime',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/openssl.cnf',
  '/etc/crypto-policies',
  '/dev/urandom',
  '/dev/random',
  '/dev/zero',
]

export const ALWAYS_WRITABLE = ['/dev/null']

/** The code lies beside the data in a clone: so its parts are named, not the directory of all. */
export function neededToRead(): string[] {
  return [
    ...['src', 'node_modules', 'package.json'].map((name) => path.join(ROOT, name)),
    path.dirname(realpathSync(libraryPath())),
    path.dirname(createRequire(import.meta.url).resolve('koffi')),
    ...SYSTEM_FACTS,
  ]
}

/** Node, and every library that this process has: the same that the next one will want. */
export function neededToExecute(): string[] {
  const mapped = readFileSync('/proc/self/maps', 'utf8').matchAll(/ (\/\S.*)$/gm)
  const files = new Set([...mapped].map(([, file = '']) => file))
  return [...SYSTEM_LIBRARIES, process.execPath, ...files]
}
