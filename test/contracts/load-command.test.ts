/** `bluegate load` against a whole gateway, and what a gateway finds when it starts. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { silentLog } from '../../src/base/log.ts'
import { cliPortsForTests } from '../../src/cli/cli-ports-for-tests.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { parseConfig } from '../../src/server/config/parse-config.ts'
import { startGateway } from '../../src/server/start-gateway.ts'
import type { Gateway } from '../../src/server/start-gateway.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const root = mkdtempSync(path.join(os.tmpdir(), 'bluegate-load-'))
const dataDir = path.join(root, 'data')
const uploads = path.join(dataDir, 'uploads')
let gateway: Gateway

beforeAll(async () => {
  mkdirSync(uploads, { recursive: true })
  writeFileSync(path.join(uploads, 'left'), 'by a gateway that was killed')
  const given = {
    dataDir,
    sampleData: false,
    'pg.port': 0,
    'grpc.port': 0,
    'load.sizeMax': '64MiB',
  }
  const list = Object.entries(given).map(([name, raw]) => ({ name, raw, origin: 'test' }))
  const parsed = parseConfig(list)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.mistakes))
  const options = { version: '0.0.0', log: silentLog, onLoadProgress: () => undefined }
  gateway = await startGateway(parsed.config, options, new AbortController().signal)
})
afterAll(async () => {
  await gateway.stop()
  rmSync(root, { recursive: true, force: true })
})

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** @param interrupt Ctrl-C, as soon as the columns of the file are shown. */
async function bluegate(args: readonly string[], interrupt = false): Promise<Run> {
  const run = { out: '', err: '' }
  const code = await runCli([...args, '--data-dir', dataDir], {
    ...cliPortsForTests(run, '0.0.0'),
    dataDirectory: () => dataDir,
    onInterrupt: (action) => {
      if (!interrupt) return () => undefined
      const timer = setInterval(() => run.out === '' || action(), 5)
      return () => clearInterval(timer)
    },
  })
  return { code, ...run }
}

function file(name: string, content: string): string {
  const at = path.join(root, name)
  writeFileSync(at, content)
  return at
}

async function rowsOf(table: string): Promise<unknown> {
  const { out, err } = await bluegate(['sql', '-c', `SELECT * FROM ${table}`, '--json'])
  expect(err).toBe('')
  const { statements } = JSON.parse(out) as { statements: { rows: unknown }[] }
  return statements[0]?.rows
}

test('what was left in the directory of uploads is gone', () => {
  expect(readdirSync(uploads)).toEqual([])
})

test('a file becomes a table; its columns and first rows are shown before', async () => {
  const run = await bluegate([
    'load',
    file('a.csv', 'id,zip\n1,00501\n2,\n'),
    '--table',
    'public.a',
  ])
  expect(run).toMatchObject({ code: 0, err: '' })
  expect(run.out).toMatch(/zip\s+│ VARCHAR │ 00501 │ NULL/)
  expect(run.out).toContain('2 rows loaded into master.public.a\n')
  expect(await rowsOf('a')).toEqual([
    ['1', '00501'],
    ['2', null],
  ])
  expect(readdirSync(uploads)).toEqual([])
})

test('rows are added; with --json there is one document and nothing else', async () => {
  const at = file('b.csv', '5;7,5\n')
  const table = ['--table', 'master.public.b']
  const form = ['--delimiter', ';', '--no-header', '--decimal', ',']
  const typed = ['--type', 'column_2=decimal(4,2)', '--json']
  const first = await bluegate(['load', at, ...table, ...form, ...typed])
  expect(first).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(first.out)).toMatchObject({ state: 'succeeded', rowsLoaded: 1 })
  expect(await bluegate(['load', at, ...table, ...form, '--append'])).toMatchObject({ code: 0 })
  expect(await rowsOf('b')).toEqual([
    ['5', '7.50'],
    ['5', '7.50'],
  ])
})

test('bad rows are a table, or with --json in the document; the exit code is 1', async () => {
  const at = file('c.csv', 'id\n1\nx\n')
  const args = ['load', at, '--table', 'c', '--type', 'id=integer']
  const run = await bluegate(args)
  expect(run).toMatchObject({ code: 1, err: expect.stringContaining('1 row is bad') })
  expect(run.out).toMatch(/3\s+│ id\s+│ x\s+│ this is no value that INTEGER keeps exactly/)
  const json = await bluegate([...args, '--json'])
  expect(json.code).toBe(1)
  expect(JSON.parse(json.out)).toMatchObject({ badRows: [{ line: 3, column: 'id', value: 'x' }] })
  expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'data_exception' } })
  expect(readdirSync(uploads)).toEqual([])
})

test('a dry run shows what would come of it, and loads nothing', async () => {
  const at = file('d.csv', 'id\n1\n')
  const run = await bluegate(['load', at, '--table', 'd', '--dry-run'])
  expect(run).toMatchObject({ code: 0, err: '', out: expect.stringContaining('BIGINT') })
  const wrong = ['load', file('e.csv', 'id\nx\n'), '--table', 'd', '--dry-run']
  expect(await bluegate([...wrong, '--type', 'id=date'])).toMatchObject({ code: 1 })
  const missing = await bluegate(['sql', '-c', 'SELECT * FROM d'])
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('does not exist') })
})

test('Ctrl-C in the middle leaves no table and no file', async () => {
  const at = file(
    'large.csv',
    `id,text\n${'1,some text that is a little longer\n'.repeat(1_500_000)}`,
  )
  const run = await bluegate(['load', at, '--table', 'large'], true)
  expect(run).toMatchObject({
    code: 1,
    err: 'error: the load was cancelled: nothing was loaded\n',
  })
  expect(readdirSync(uploads)).toEqual([])
  expect(await bluegate(['sql', '-c', 'SELECT * FROM large'])).toMatchObject({ code: 1 })
})

test.each([
  [['load', '--table', 't'], 2, 'file'],
  [['load', 'x.csv'], 2, '--table'],
  [['load', path.join(root, 'none.csv'), '--table', 't'], 1, 'no such file'],
  [['load', path.join(root, 'a.csv'), '--table', 'a.b.c.d'], 1, 'no name of a table'],
  [
    ['load', path.join(root, 'a.csv'), '--table', 'nowhere.t'],
    1,
    'schema "nowhere" does not exist',
  ],
  [['load', path.join(root, 'a.csv'), '--table', 'a'], 1, 'already exists'],
  [['load', path.join(root, 'a.csv'), '--table', 't', '--type', 'no=DATE'], 1, 'no such column'],
  [['load', path.join(root, 'a.csv'), '--table', 't', '--type', 'id'], 1, 'column=TYPE'],
  [['load', path.join(root, 'a.csv'), '--table', 't', '--delimiter', 'ab'], 1, 'delimiter'],
  [['load', path.join(root, 'a.csv'), '--table', 't', '--format', 'xlsx'], 1, 'format'],
])('a mistake is named: %j', async (args, code, text) => {
  expect(await bluegate(args)).toMatchObject({ code, err: expect.stringContaining(text) })
  expect(readdirSync(uploads)).toEqual([])
})

test('a file that is too large is refused before it is sent', async () => {
  const at = file('huge.csv', 'x'.repeat(65 * 1024 * 1024))
  const run = await bluegate(['load', at, '--table', 'huge'])
  expect(run).toMatchObject({ code: 1, err: expect.stringContaining('load.sizeMax') })
  expect(readdirSync(uploads)).toEqual([])
})
