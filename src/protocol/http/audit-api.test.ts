import { beforeEach, expect, test } from 'vitest'
import { auditEvent } from '../../audit/audit-log-contract.ts'
import { MemoryAuditLog } from '../../audit/memory-audit-log.ts'
import type { AuditSearchStep } from '../../audit/audit-log.ts'
import { GatewayError } from '../../base/gateway-error.ts'
import { apiForTests } from './api-for-tests.ts'
import type { ApiForTests } from './api-for-tests.ts'

let api: ApiForTests

beforeEach(async () => {
  api = await apiForTests()
})

function linesOf(text: string): object[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
}

function query(filter: object): string {
  return encodeURIComponent(JSON.stringify(filter))
}

test('a long search tells how far it has read, at most four times a second', async () => {
  class SlowAudit extends MemoryAuditLog {
    override async *searchSteps(): AsyncGenerator<AuditSearchStep, void> {
      for (let i = 0; i < 5_000; i += 1)
        yield { records: [], readBackTo: '2030-01-01T00:00:02.000Z' }
      await new Promise((resolve) => setTimeout(resolve, 300))
      yield { records: [], readBackTo: '2030-01-01T00:00:01.000Z' }
    }
  }
  api = await apiForTests({ audit: new SlowAudit() })
  const began = performance.now()
  const lines = linesOf((await api.call('POST', '/audit/search', {})).text)
  const told = lines.filter((line) => 'progress' in line)
  expect(told.length).toBeLessThanOrEqual((performance.now() - began) / 250)
  expect(told.at(-1)).toEqual({
    progress: { readBackTo: '2030-01-01T00:00:01.000Z', records: 0 },
  })
  expect(lines.at(-1)).toEqual({ end: { records: 0 } })
})

test.each([
  [{ from: 'yesterday' }, 'from'],
  [{ outcomes: ['perhaps'] }, 'outcomes.0'],
  [{ limit: 0 }, 'limit'],
  [{ colour: 'blue' }, 'colour'],
])(
  'a search for %o is refused before the answer begins, naming the field',
  async (filter, field) => {
    expect(await api.call('POST', '/audit/search', filter)).toMatchObject({
      status: 400,
      body: { field },
    })
  },
)

test('an export as NDJSON holds each record whole, and is itself on record', async () => {
  await api.audit.append(auditEvent({ username: 'bi', details: 'select 1', rows: 3 }))
  await api.audit.append(auditEvent({ username: 'etl' }))
  const answer = await api.call(
    'GET',
    `/audit/export?format=ndjson&filter=${query({ usernames: ['bi'] })}`,
  )
  expect(linesOf(answer.text)).toEqual([api.audit.records[0]])
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': expect.stringMatching(
      /^attachment; filename="bluegate-audit-\d{8}T\d{6}Z\.ndjson"$/,
    ),
  })
  expect(api.audit.records.at(-1)).toMatchObject({
    action: 'audit_exported',
    details: 'ndjson {"usernames":["bi"]}',
  })
})

test('an export as CSV runs nothing in a spreadsheet, and loses nothing', async () => {
  for (const details of ['=1+1', '+1', '-1', '@x', '\tx', '\rx', 'a,"b"\r\nc', 'plain']) {
    await api.audit.append(auditEvent({ details, username: 'x', rows: 2 }))
  }
  await api.audit.append(auditEvent({ username: '=cmd|calc', objects: ['SELECT on a(b, c)', 'd'] }))
  const answer = await api.call('GET', '/audit/export?format=csv')
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringMatching(/\.csv"$/),
  })
  const rows = parseCsv(answer.text)
  const [header = [], ...records] = rows
  const column = (name: string): string[] => records.map((row) => row[header.indexOf(name)] ?? '')
  expect(column('details').toReversed().slice(0, 8)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    "'\rx",
    'a,"b"\r\nc',
    'plain',
  ])
  expect(column('username')[1]).toBe("'=cmd|calc")
  expect(column('objects')[1]).toBe('SELECT on a(b, c); d')
  expect(column('rows')[2]).toBe('2')
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([header.length]))
})

/** As RFC 4180 says. */
function parseCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(cell)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

test('an export that breaks in the middle does not look finished', async () => {
  class BrokenAudit extends MemoryAuditLog {
    override async *search(): AsyncGenerator<never, void> {
      await Promise.resolve()
      yield* [] as never[]
      throw new GatewayError('io_error', 'the disk is gone')
    }
  }
  api = await apiForTests({ audit: new BrokenAudit() })
  await expect(api.call('GET', '/audit/export?format=csv')).rejects.toThrow(
    'response destroyed before completion',
  )
})

test.each([
  ['format=xml', 'format'],
  ['', 'format'],
  ['format=csv&filter=%7B', 'filter'],
  ['format=csv&filter=7', 'filter'],
  [`format=csv&filter=${query({ limit: -1 })}`, 'filter.limit'],
  [`format=csv&filter=${query({ to: 'later' })}`, 'to'],
])('an export with %s is refused, naming the field', async (search, field) => {
  expect(await api.call('GET', `/audit/export?${search}`)).toMatchObject({
    status: 400,
    body: { field },
  })
})

test('who may not record may not read: nothing is given out that is not on record', async () => {
  await api.audit.append(auditEvent())
  await api.audit.stop()
  expect((await api.call('GET', '/audit/export?format=csv')).status).toBe(503)
  expect((await api.call('GET', '/audit/tail')).status).toBe(503)
})
