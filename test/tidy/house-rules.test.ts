import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ERROR_KINDS } from '../../src/base/gateway-error.ts'
import { HTTP_STATUS } from '../../src/protocol/http/http-status.ts'
import { SQL_STATE } from '../../src/protocol/pgwire/sql-state.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WRITTEN_BY_US =
  '{src,test,bench,scripts,docs,console/src}/**/*.{ts,tsx,mjs,cjs,css,json,md,sql,txt}'
const AT_THE_TOP = '*.{md,json,ts,cjs}'

const files = globSync([WRITTEN_BY_US, AT_THE_TOP], {
  cwd: ROOT,
  exclude: ['console/src/api/generated/**'],
})
const thisFile = 'test/tidy/house-rules.test.ts'

function linesWith(pattern: RegExp, among: readonly string[] = files): string[] {
  return among
    .filter((file) => file !== thisFile)
    .flatMap((file) =>
      readFileSync(`${ROOT}${file}`, 'utf8')
        .split('\n')
        .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
    )
}

test('these rules look at many files', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(files).toContain('console/src/main.tsx')
  expect(files.filter((file) => file.includes('/generated/'))).toEqual([])
})

test('only gate/authorize.ts makes a Permit', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT, exclude: ['src/**/*.test.ts'] })
  const makers = linesWith(/\bas (unknown as )?Permit\b/, sources)
  expect(makers.length).toBeGreaterThan(0)
  expect(makers.filter((line) => !line.startsWith('src/gate/authorize.ts:'))).toEqual([])
})

test('only the configuration reads the environment', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT, exclude: ['src/**/*.test.ts'] })
  const readers = linesWith(/process\.env\b/, sources)
  expect(readers.filter((line) => !line.startsWith('src/server/config/'))).toEqual([])
})

describe('every kind of error has a code', () => {
  test.each(ERROR_KINDS)('%s', (kind) => {
    expect(SQL_STATE[kind]).toMatch(/^[0-9A-Z]{5}$/)
    expect(HTTP_STATUS[kind]).toBeGreaterThanOrEqual(400)
  })
})

test('nothing is left to do in a comment', () => {
  expect(linesWith(/\b(TODO|FIXME|XXX)\b(?!000)/)).toEqual([])
})

test('no file names the place where it was written', () => {
  // `package-lock.json` is ours too: it must install from whatever registry npm is set to.
  expect(linesWith(/\/(?:root|home|Users)\/\w|"resolved": "\w+:/)).toEqual([])
})
