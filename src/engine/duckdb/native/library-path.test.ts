import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { libraryPath } from './library-path.ts'

test('this platform’s library is there', () => {
  expect(existsSync(libraryPath())).toBe(true)
})

test('each platform has its own package and file name', () => {
  const at = (platform: NodeJS.Platform, architecture: string): string =>
    libraryPath(platform, architecture, (specifier) => `/modules/${specifier}`)
  expect(at('linux', 'arm64')).toBe('/modules/@duckdb/node-bindings-linux-arm64/libduckdb.so')
  expect(at('darwin', 'x64')).toBe('/modules/@duckdb/node-bindings-darwin-x64/libduckdb.dylib')
  expect(at('win32', 'x64')).toBe('/modules/@duckdb/node-bindings-win32-x64/duckdb.dll')
})

test('a platform without a library is told which package is missing', () => {
  const missing = (): string =>
    libraryPath('linux', 'mips', () => {
      throw new Error('not found')
    })
  expect(missing).toThrow(/linux on mips/)
  expect(() => libraryPath('sunos', 'x64')).toThrow(
    expect.objectContaining({ kind: 'feature_not_supported' }),
  )
})
