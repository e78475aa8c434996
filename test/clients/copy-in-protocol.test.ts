/** COPY … FROM STDIN to the message and to the byte: the same suite runs against PostgreSQL 15. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { RawConnection } from './harness/raw-connection.ts'
import {
  bind,
  copyData,
  copyDone,
  copyFail,
  describePrepared,
  execute,
  fieldsOf,
  flush,
  parse,
  query,
  statusOf,
  sync,
  tagOf,
  terminate,
  valuesOf,
} from './harness/raw-messages.ts'
import type { RawMessage } from './harness/raw-messages.ts'
import { AGAINST_POSTGRESQL, connectOptions, startServer } from './harness/test-server.ts'
import type { ClientCredentials, TestServer } from './harness/test-server.ts'

let server: TestServer
let client: ClientCredentials
let raw: RawConnection

beforeAll(async () => {
  server = await startServer()
  await server.admin(
    'create table t (a integer, b varchar, c varchar default $$d$$)'.replaceAll('$$', "'"),
  )
  await server.admin('create table strict (a integer not null primary key, b decimal(5,2))')
  await server.admin('create table days (d date, u uuid, z timestamp)')
  client = await server.createClient('copier', [
    'SELECT, INSERT, DELETE ON TABLE t',
    'SELECT, INSERT, DELETE ON TABLE strict',
    'SELECT, INSERT, DELETE ON TABLE days',
  ])
})

afterAll(() => server?.stop())

beforeEach(async () => {
  raw = await RawConnection.open(connectOptions(server, client))
})

afterEach(async () => {
  raw.destroy()
  await server.admin('delete from t')
  await server.admin('delete from strict')
})

interface Outcome {
  readonly types: string
  readonly tag: string | undefined
  /** Of the ErrorResponse. */
  readonly error: Record<string, string> | undefined
  readonly status: string | undefined
}

function outcomeOf(messages: readonly RawMessage[]): Outcome {
  const of = (type: string) => messages.find((message) => message.type === type)
  const [tag, error, ready] = [of('C'), of('E'), of('Z')]
  return {
    types: messages.map(({ type }) => type).join(''),
    tag: tag && tagOf(tag),
    error: error && fieldsOf(error),
    status: ready && statusOf(ready),
  }
}

/** By the simple protocol; the data only when it is asked for. */
async function copy(sql: string, ...data: (Buffer | string)[]): Promise<Outcome> {
  raw.send(query(sql))
  const begun = await raw.until('GZ')
  if (begun.at(-1)?.type !== 'G') return outcomeOf(begun)
  raw.send(...data.map(copyData), copyDone())
  return outcomeOf([...begun, ...(await raw.until('Z'))])
}

async function rowsOf(sql: string): Promise<(string | null)[][]> {
  raw.send(query(sql))
  return (await raw.until('Z')).filter(({ type }) => type === 'D').map(valuesOf)
}

const ROWS = 'select a, b, c from t order by a nulls last'

describe('messages', () => {
  test('simple protocol: the formats of the columns, then the tag', async () => {
    raw.send(query('copy t (a, b) from stdin'))
    const [response] = await raw.until('G')
    expect(response?.body).toEqual(Buffer.from([0, 0, 2, 0, 0, 0, 0]))
    raw.send(copyData('1\tx\n2\ty\n'), copyDone())
    expect(outcomeOf(await raw.until('Z'))).toMatchObject({
      types: 'CZ',
      tag: 'COPY 2',
      status: 'I',
    })
    expect(await rowsOf(ROWS)).toEqual([
      ['1', 'x', 'd'],
      ['2', 'y', 'd'],
    ])
  })

  test('binary columns are announced as such', async () => {
    raw.send(query('copy t (a, b) from stdin (format binary)'))
    const [response] = await raw.until('G')
    expect(response?.body).toEqual(Buffer.from([1, 0, 2, 0, 1, 0, 1]))
    raw.send(copyDone())
    expect(outcomeOf(await raw.until('Z')).error?.['C']).toBe('22P04')
  })

  test('extended protocol: described as without rows; Sync and Flush do not end it', async () => {
    raw.send(
      parse('c', 'copy t (a, b) from stdin'),
      describePrepared('c'),
      bind('', 'c'),
      execute('', 1),
      sync(),
    )
    expect(outcomeOf(await raw.until('G')).types).toBe('1tn2G')
    raw.send(flush(), copyData('1\tx\n'), sync(), copyData('2\ty\n'), copyDone(), sync())
    expect(outcomeOf(await raw.until('Z'))).toMatchObject({ types: 'CZ', tag: 'COPY 2' })
  })

  test('data cut at every byte, also inside a character and an end of line', async () => {
    const data = Buffer.from('1\tä€😀\\n\r\n2\t\\N\r\n3\t\\x41\\101\r\n\\.\r\n')
    const bytes = [...data].map((byte) => Buffer.of(byte))
    expect(await copy('copy t (a, b) from stdin', ...bytes)).toMatchObject({ tag: 'COPY 3' })
    expect(await rowsOf('select b from t order by a')).toEqual([['ä€😀\n'], [null], ['AA']])
  })

  test('binary data cut at every byte', async () => {
    const head = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\x03abc', 'latin1')
    const row = Buffer.from('0002000000040000002a00000002c3a40002ffffffff00000000ffff', 'hex')
    const bytes = [...head, ...row].map((byte) => Buffer.of(byte))
    const sql = 'copy t (a, b) from stdin (format binary)'
    expect(await copy(sql, ...bytes)).toMatchObject({ tag: 'COPY 2' })
    expect(await rowsOf('select a, b from t order by a')).toEqual([
      ['42', 'ä'],
      [null, ''],
    ])
  })

  test('empty messages, and no data at all', async () => {
    expect(await copy('copy t (a, b) from stdin', '', '', '')).toMatchObject({ tag: 'COPY 0' })
    expect(await copy('copy t from stdin')).toMatchObject({ tag: 'COPY 0', status: 'I' })
  })

  test('several statements in one text', async () => {
    raw.send(query('copy t (a) from stdin; select count(*) from t; copy t (a) from stdin csv'))
    await raw.until('G')
    raw.send(copyData('1\n2\n'), copyDone())
    const between = await raw.until('G')
    expect(between.map(({ type }) => type).join('')).toBe('CTDCG')
    expect(between.filter(({ type }) => type === 'D').map(valuesOf)).toEqual([['2']])
    raw.send(copyData('3\n'), copyDone())
    expect(outcomeOf(await raw.until('Z'))).toMatchObject({ types: 'CZ', tag: 'COPY 1' })
  })

  test('CopyFail ends it with the words of the client', async () => {
    raw.send(query('copy t (a, b) from stdin'))
    await raw.until('G')
    raw.send(copyData('1\tx\n2\t'), copyFail('my file broke'))
    const { error, types, status } = outcomeOf(await raw.until('Z'))
    expect(error).toMatchObject({ C: '57014', M: 'COPY from stdin failed: my file broke' })
    expect(error?.['W']).toBe('COPY t, line 2')
    expect([types, status]).toEqual(['EZ', 'I'])
    expect(await rowsOf(ROWS)).toEqual([])
  })

  test('after an error the rest of the data is passed over: simple protocol', async () => {
    raw.send(query('copy t (a, b) from stdin'))
    await raw.until('G')
    raw.send(copyData('x\ty\n'))
    expect(outcomeOf(await raw.until('Z'))).toMatchObject({ types: 'EZ', status: 'I' })
    raw.send(copyData('2\ty\n'), copyData('3\ty\n'), copyDone(), query('select 1'))
    expect(outcomeOf(await raw.until('Z')).types).toBe('TDCZ')
    expect(await rowsOf(ROWS)).toEqual([])
  })

  test('after an error the rest is passed over up to Sync: extended protocol', async () => {
    raw.send(parse('', 'copy t (a, b) from stdin'), bind('', ''), execute('', 0), flush())
    await raw.until('G')
    raw.send(copyData('x\ty\n'), copyData('2\ty\n'), copyDone())
    raw.send(parse('', 'select 1'), bind('', ''), execute('', 0), sync())
    expect(outcomeOf(await raw.until('Z'))).toMatchObject({ types: 'EZ', status: 'I' })
    expect(await rowsOf('select 7')).toEqual([['7']])
  })

  test('in a transaction block it is part of it', async () => {
    await rowsOf('begin')
    expect(await copy('copy t (a) from stdin', '1\n')).toMatchObject({ tag: 'COPY 1', status: 'T' })
    expect(await copy('copy t (a) from stdin', '2\n')).toMatchObject({ tag: 'COPY 1', status: 'T' })
    expect(await rowsOf('select count(*) from t')).toEqual([['2']])
    await rowsOf('rollback')
    expect(await rowsOf('select count(*) from t')).toEqual([['0']])

    await rowsOf('begin')
    expect(await copy('copy t (a) from stdin', 'x\n')).toMatchObject({ status: 'E' })
    expect((await copy('copy t (a) from stdin', '1\n')).error?.['C']).toBe('25P02')
    await rowsOf('rollback')
  })

  test('not in a read-only transaction', async () => {
    await rowsOf('begin read only')
    expect((await copy('copy t (a) from stdin', '1\n')).error).toMatchObject({
      C: '25006',
      M: 'cannot execute COPY FROM in a read-only transaction',
    })
  })

  test('a message that is none of COPY ends it, and the connection', async () => {
    raw.send(query('copy t (a) from stdin'))
    await raw.until('G')
    raw.send(copyData('1\n'), query('select 1'))
    const errors = (await raw.until('#')).filter(({ type }) => type === 'E').map(fieldsOf)
    expect(errors.map(({ S, C, M }) => [S, C, M])).toEqual([
      ['ERROR', '08P01', 'unexpected message type 0x51 during COPY from stdin'],
      ['FATAL', '08P01', 'terminating connection because protocol synchronization was lost'],
    ])
    raw = await RawConnection.open(connectOptions(server, client))
    expect(await rowsOf(ROWS)).toEqual([])
  })

  test.each(['says goodbye', 'vanishes'])('a client that %s has stored nothing', async (how) => {
    raw.send(query('copy t (a) from stdin'))
    await raw.until('G')
    raw.send(copyData('1\n'), ...(how === 'vanishes' ? [] : [terminate()]))
    await sleep(100)
    raw.destroy()
    raw = await RawConnection.open(connectOptions(server, client))
    for (let tries = 0; tries < 20; tries += 1) {
      expect(await rowsOf(ROWS)).toEqual([])
      await sleep(10)
    }
    expect(await copy('copy t (a) from stdin', '2\n')).toMatchObject({ tag: 'COPY 1' })
  })

  // PostgreSQL itself hears of neither before the client sends more.
  test.skipIf(AGAINST_POSTGRESQL)(
    'a cancel ends it at once, though the client sends nothing',
    async () => {
      raw.send(query('copy t (a) from stdin'))
      await raw.until('G')
      raw.send(copyData('1\n'))
      await raw.cancel()
      expect(outcomeOf(await raw.until('Z')).error).toMatchObject({
        C: '57014',
        M: 'canceling statement due to user request',
      })
      expect(await rowsOf(ROWS)).toEqual([])
    },
  )

  test.skipIf(AGAINST_POSTGRESQL)(
    'the statement timeout counts the time of the client',
    async () => {
      await rowsOf("set statement_timeout to '200ms'")
      raw.send(query('copy t (a) from stdin'))
      expect(outcomeOf(await raw.until('Z')).error).toMatchObject({
        C: '57014',
        M: 'canceling statement due to statement timeout',
      })
    },
  )
})

/** Statement, data, and the rows `a, b` that come of it. */
const READ: readonly (readonly [options: string, data: string, rows: (string | null)[][]])[] = [
  ['', '1\tx', [['1', 'x']]],
  ['', '1\tx\n\\.\nrubbish\tafter\tthe\tend', [['1', 'x']]],
  ['', '1\tx\\.\n', [['1', 'x']]],
  ['', '1\t\\\\N\n', [['1', '\\N']]],
  ['', '1\ta\\\nb\n', [['1', 'a\nb']]],
  ['', '1\t\\b\\f\\v\\q\\8\n', [['1', '\b\f\vq8']]],
  ['', '1\t\\x4\\xzz\\1018\\60\n', [['1', '\x04xzzA80']]],
  ['', '1\tx\\', [['1', 'x']]],
  [
    '',
    '1\tx\r2\ty\r',
    [
      ['1', 'x'],
      ['2', 'y'],
    ],
  ],
  ['', '1\t\\r\\n\r\n', [['1', '\r\n']]],
  [
    "(delimiter '|', null '')",
    '1|\n2|x\n',
    [
      ['1', null],
      ['2', 'x'],
    ],
  ],
  ['(header)', 'what\tever\n1\tx\n', [['1', 'x']]],
  ['(header match)', 'a\tb\n1\tx\n', [['1', 'x']]],
  [
    'csv',
    '1,x\r\n2,"y\r\nz"\r\n',
    [
      ['1', 'x'],
      ['2', 'y\r\nz'],
    ],
  ],
  [
    'csv',
    '1,\n2,""\n',
    [
      ['1', null],
      ['2', ''],
    ],
  ],
  [
    'csv',
    '1,a"b"c\n2,"a""b"c\n3,"" ""\n',
    [
      ['1', 'abc'],
      ['2', 'a"bc'],
      ['3', ' '],
    ],
  ],
  [
    'csv',
    '1," x "\n2,\\.\n',
    [
      ['1', ' x '],
      ['2', '\\.'],
    ],
  ],
  ['csv', '1,"\\.\n"\n\\.\nrubbish', [['1', '\\.\n']]],
  [
    'csv',
    '1,"a\\""b"\n2,\\N\n',
    [
      ['1', 'a\\"b'],
      ['2', '\\N'],
    ],
  ],
  ["csv escape '\\'", '1,"a\\"b\\\\c\\d"\n', [['1', 'a"b\\c\\d']]],
  ["csv quote ''''", "1,'a,''b\"'\n", [['1', 'a,\'b"']]],
  [
    "csv null 'nil'",
    '1,nil\n2,"nil"\n',
    [
      ['1', null],
      ['2', 'nil'],
    ],
  ],
  ['csv force not null b', '1,\n', [['1', '']]],
  [
    "(format csv, force_null (b), null 'nil')",
    '1,"nil"\n2,nil\n',
    [
      ['1', null],
      ['2', null],
    ],
  ],
  [
    "(format csv, force_not_null (b), force_null (b), null 'x')",
    '1,x\n2,"x"\n',
    [
      ['1', 'x'],
      ['2', null],
    ],
  ],
  ['(format csv, header match)', 'a,"b"\n1,x\n', [['1', 'x']]],
  ['csv header', '\n1,x\n', [['1', 'x']]],
]

/** Statement, data, SQLSTATE, message (where it is ours too), context. */
const REFUSED: readonly (readonly [
  options: string,
  data: Buffer | string,
  code: string,
  message: string | undefined,
  context: string | undefined,
])[] = [
  ['', '1\tx\nq\ty\n', '22P02', undefined, 'COPY t, line 2, column a: "q"'],
  ['', '1\tx\n99999999999\ty\n', '22003', undefined, 'COPY t, line 2, column a: "99999999999"'],
  ['', '1\n', '22P04', 'missing data for column "b"', 'COPY t, line 1: "1"'],
  ['', '1\tx\n\n', '22P02', undefined, 'COPY t, line 2, column a: ""'],
  ['', '1\tx\ty\n', '22P04', 'extra data after last expected column', 'COPY t, line 1: "1\tx\ty"'],
  ['', '1\tx\n2\ty\r\n', '22P04', 'literal carriage return found in data', undefined],
  ['', '1\tx\r\n2\ty\n', '22P04', 'literal newline found in data', undefined],
  ['', '1\tx\r2\ty\n', '22P04', 'literal newline found in data', undefined],
  ['', '1\tx\n\\.x\n', '22P04', 'end-of-copy marker corrupt', undefined],
  [
    '',
    '1\tx\n\\.\r\n',
    '22P04',
    'end-of-copy marker does not match previous newline style',
    undefined,
  ],
  [
    '',
    '1\tx\r\n\\.\n',
    '22P04',
    'end-of-copy marker does not match previous newline style',
    undefined,
  ],
  ['', '1\tx\n\\.', '22P04', 'end-of-copy marker corrupt', undefined],
  [
    '',
    Buffer.from('1\tx\n2\ty\xff\n', 'latin1'),
    '22021',
    'invalid byte sequence for encoding "UTF8": 0xff',
    undefined,
  ],
  ['', '1\tx\n2\t\\xff\n', '22021', 'invalid byte sequence for encoding "UTF8": 0xff', undefined],
  ['', '1\tx\n2\t\\0\n', '22021', 'invalid byte sequence for encoding "UTF8": 0x00', undefined],
  [
    '',
    `${'9'.repeat(120)}\tx\n`,
    '22003',
    undefined,
    `COPY t, line 1, column a: "${'9'.repeat(100)}..."`,
  ],
  ['csv', '1,"x\n', '22P04', 'unterminated CSV quoted field', undefined],
  ['csv', '1,x\n2,y\r\n', '22P04', 'unquoted carriage return found in data', undefined],
  ['csv', '1,x\r\n2,y\n', '22P04', 'unquoted newline found in data', undefined],
  ['csv', '0,z\n1,"x\n\n"\nq,y\n', '22P02', undefined, 'COPY t, line 5, column a: "q"'],
  ['csv', '\n', '22P04', 'missing data for column "b"', 'COPY t, line 1: ""'],
  [
    '(header match)',
    'a\tc\n1\tx\n',
    '22P04',
    'column name mismatch in header line field 2: got "c", expected "b"',
    undefined,
  ],
  [
    '(header match)',
    'a\t\\N\n1\tx\n',
    '22P04',
    'column name mismatch in header line field 2: got null value ("\\N"), expected "b"',
    undefined,
  ],
  [
    '(header match)',
    'a\n1\tx\n',
    '22P04',
    'wrong number of fields in header line: got 1, expected 2',
    undefined,
  ],
  [
    '(header match)',
    'a\tb\tc\tc\n',
    '22P04',
    'wrong number of fields in header line: got 4, expected 2',
    undefined,
  ],
]

describe('what is read', () => {
  test.each(READ)('%s %j', async (options, data, rows) => {
    expect(await copy(`copy t (a, b) from stdin ${options}`, data)).toMatchObject({
      tag: `COPY ${rows.length}`,
      error: undefined,
    })
    expect(await rowsOf('select a, b from t order by a')).toEqual(rows)
  })
})

describe('what is refused', () => {
  test.each(REFUSED)('%s %j: %s', async (options, data, code, message, context) => {
    const { error, status } = await copy(`copy t (a, b) from stdin ${options}`, data)
    expect(error).toMatchObject({ C: code })
    expect(error).toMatchObject({
      ...(message !== undefined && { M: message }),
      ...(context !== undefined && { W: context }),
    })
    expect(error?.['W']).toMatch(/^COPY t, line \d/)
    expect(status).toBe('I')
    expect(await rowsOf(ROWS)).toEqual([])
  })

  const SIGNED = 'PGCOPY\n\xff\r\n\0'
  test.each([
    ['PGCOPY\n\xff\r\n\x01\0\0\0\0\0\0\0\0', 'COPY file signature not recognized'],
    ['PG', 'COPY file signature not recognized'],
    [SIGNED, 'invalid COPY file header (missing flags)'],
    [`${SIGNED}\0\x01\0\0\0\0\0\0`, 'invalid COPY file header (WITH OIDS)'],
    [`${SIGNED}\0\x02\0\0\0\0\0\0`, 'unrecognized critical flags in COPY file header'],
    [`${SIGNED}\0\0\0\0`, 'invalid COPY file header (missing length)'],
    [`${SIGNED}\0\0\0\0\0\0\0\x05ab`, 'invalid COPY file header (wrong length)'],
    [`${SIGNED}${'\0'.repeat(8)}\0\x03`, 'row field count is 3, expected 2'],
    [`${SIGNED}${'\0'.repeat(8)}\0\x02\xff\xff\xff\xfe`, 'invalid field size'],
    [`${SIGNED}${'\0'.repeat(8)}\0\x02\0\0\0\x04\0`, 'unexpected EOF in COPY data'],
    [`${SIGNED}${'\0'.repeat(8)}\xff\xff\0`, 'received copy data after EOF marker'],
  ])('binary %j: %s', async (data, message) => {
    const sql = 'copy t (a, b) from stdin (format binary)'
    const { error } = await copy(sql, Buffer.from(data, 'latin1'))
    expect(error).toMatchObject({ C: '22P04', M: message })
  })

  test('a binary value of the wrong length names its column', async () => {
    const row = '\0\x02\0\0\0\x02\0\x01\xff\xff\xff\xff'
    const data = Buffer.from(`${SIGNED}${'\0'.repeat(8)}${row}`, 'latin1')
    const { error } = await copy('copy t (a, b) from stdin (format binary)', data)
    expect(error?.['W']).toBe('COPY t, line 1, column a')
    expect(error?.['C']).toBe('08P01')
  })

  test.each([
    ['strict', '1,1\n,2\n', '23502', 'COPY strict, line 2: ",2"'],
    ['strict', '1,1\n2,1000\n', '22003', 'COPY strict, line 2, column b: "1000"'],
    ['strict', '1,1\n2,x\n', '22P02', 'COPY strict, line 2, column b: "x"'],
    ['days', '2024-02-30,,\n', '22008', 'COPY days, line 1, column d: "2024-02-30"'],
    ['days', 'nonsense,,\n', '22007', 'COPY days, line 1, column d: "nonsense"'],
    ['days', ',abc,\n', '22P02', 'COPY days, line 1, column u: "abc"'],
    ['days', ',,2024-01-01 25:00\n', '22008', 'COPY days, line 1, column z: "2024-01-01 25:00"'],
  ])('into %s %j: %s', async (table, data, code, context) => {
    const { error } = await copy(`copy ${table} from stdin csv`, data)
    expect(error).toMatchObject({ C: code, W: context })
  })

  test('two rows with one key: the whole of it is undone', async () => {
    const { error } = await copy('copy strict from stdin csv', '1,1\n2,2\n1,3\n')
    expect(error).toMatchObject({ C: '23505' })
    expect(error?.['W']).toMatch(/^COPY strict, line/)
    expect(await rowsOf('select * from strict')).toEqual([])
  })

  test.each([
    ['copy nowhere from stdin', '42P01'],
    ['copy t (a, nothing) from stdin', '42703'],
    ['copy t (a, a) from stdin', '42701'],
    ['copy t (a) from stdin csv force not null b', '42P10'],
    ['copy t (a) from stdin csv force not null nothing', '42703'],
    ['copy t from stdin (force_not_null (a))', '0A000'],
    ['copy t from stdin csv force quote a', '0A000'],
    ['copy t to stdout (header match)', '0A000'],
    ['copy t to stdout csv force null a', '0A000'],
    ['copy t from stdin (format csv, force_null *)', '22023'],
    ['copy t from stdin (header 7)', '42601'],
    ["copy t from stdin (delimiter '\\')", '22023'],
    ['copy t from stdin (format binary, header)', '0A000'],
    ["copy t from stdin (format binary, null '')", '42601'],
    ['copy t from stdin csv csv', '42601'],
    ['copy (select 1) from stdin', '42601'],
    ['copy t from', '42601'],
  ])('%s: %s', async (sql, code) => {
    const { error, types, status } = await copy(sql, '')
    expect(error?.['C']).toBe(code)
    expect([types, status]).toEqual(['EZ', 'I'])
  })

  test.skipIf(AGAINST_POSTGRESQL).each([
    ["copy t from '/etc/passwd'", '0A000'],
    ["copy t from program 'cat'", '0A000'],
    ['copy t from stdin (freeze)', '0A000'],
    ['copy t from stdin freeze', '0A000'],
    ["copy t from stdin (default 'x')", '0A000'],
    ['copy t from stdin (on_error ignore)', '0A000'],
    ["copy t from stdin (encoding 'latin1')", '0A000'],
    ['copy t from stdin where a > 1', '0A000'],
    ['copy t from stdin (format csv) where a > (select 1)', '0A000'],
  ])('%s is refused by name: %s', async (sql, code) => {
    expect((await copy(sql, '')).error?.['C']).toBe(code)
  })
})
