import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HistoryFile, holdsSecret } from './history-file.ts'

let directory: string
beforeAll(() => (directory = mkdtempSync(path.join(os.tmpdir(), 'bluegate-history-'))))
afterAll(() => rmSync(directory, { recursive: true }))

test('is readable for its owner alone, also when it was there before', () => {
  const file = path.join(directory, 'open')
  writeFileSync(file, 'select 1;\n', { mode: 0o644 })
  const history = new HistoryFile(file)
  history.append('select 2;')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(history.lines()).toEqual(['select 2;', 'select 1;'])
})

test('a link in its place is not followed', () => {
  const target = path.join(directory, 'target')
  const file = path.join(directory, 'link')
  writeFileSync(target, '')
  symlinkSync(target, file)
  expect(() => new HistoryFile(file).append('select 1;')).toThrow('ELOOP')
  expect(readFileSync(target, 'utf8')).toBe('')
})

test.each([
  "create user u password 'x';",
  "COPY t FROM WRAPPER csv_fdw OPTIONS (LOCATION = 's3://a', AWS_ID = 'a', AWS_SECRET = 'b');",
  "options (api_key = 'x');",
  "select crypt('a', 'bluegate_0123');",
  "set key to 'abc';",
])('%s is not kept', (statement) => {
  const file = path.join(directory, 'secrets')
  new HistoryFile(file).append(statement)
  expect(holdsSecret(statement)).toBe(true)
  expect(new HistoryFile(file).lines()).toEqual([])
})

test.each([
  'create table t (id int primary key, name text);',
  "select * from t where name = 'x' order by key;",
])('%s is kept', (statement) => {
  expect(holdsSecret(statement)).toBe(false)
})
