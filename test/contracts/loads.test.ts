/** Files into tables, over the real engine and gate: what arrives is what was in the file, or nothing. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openLoadWorld } from '../fixtures/load-world.ts'
import type { LoadWorld } from '../fixtures/load-world.ts'

vi.setConfig({ testTimeout: 120_000 })

let world: LoadWorld
beforeAll(async () => {
  world = await openLoadWorld()
})
afterAll(() => world.stop())
beforeEach(() => {
  world.caller = world.identity.localAdministrator()
})
afterEach(() => world.removeAll())

function sample(name: string): Buffer {
  const url = new URL(`../data/${name}`, import.meta.resolve('vega-datasets'))
  return readFileSync(fileURLToPath(url))
}

async function rowsOf(load: { table?: { name: string } | undefined }): Promise<unknown[][]> {
  return await world.sql(`SELECT * FROM master.public.${load.table?.name}`)
}

async function tables(): Promise<unknown[][]> {
  return await world.sql(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  )
}

describe('real files', () => {
  test('a CSV file of weather becomes a table with types', async () => {
    const sent = await world.upload('seattle-weather.csv', sample('seattle-weather.csv'))
    expect(sent).toMatchObject({
      status: 201,
      body: {
        state: 'uploaded',
        fileName: 'seattle-weather.csv',
        preview: {
          csv: { delimiter: ',', quote: '"', header: true },
          columns: [
            { from: 0, name: 'date', type: 'DATE' },
            { from: 1, name: 'precipitation', type: 'DOUBLE' },
            { from: 2, name: 'temp_max', type: 'DOUBLE' },
            { from: 3, name: 'temp_min', type: 'DOUBLE' },
            { from: 4, name: 'wind', type: 'DOUBLE' },
            { from: 5, name: 'weather', type: 'VARCHAR' },
          ],
          badRows: [],
        },
      },
    })
    expect(sent.body.preview.rows[0]).toEqual([
      '2012-01-01',
      '0.0',
      '12.8',
      '5.0',
      '4.7',
      'drizzle',
    ])
    const load = await world.load('seattle-weather.csv', sample('seattle-weather.csv'))
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 1461, badRowCount: 0 })
    const [totals] = await world.sql(
      `SELECT count(*), min(date), max(temp_max) FROM public.${load.table?.name}`,
    )
    expect(totals).toEqual(['1461', '2012-01-01', 35.6])
    await world.request('DELETE', `/${sent.body.id}`)
    expect(world.uploadedFiles()).toEqual([])
  })

  test('postal codes keep their leading zeros', async () => {
    const load = await world.load('zipcodes.csv', sample('zipcodes.csv'))
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 42049 })
    const [first] = await world.sql(
      `SELECT min(zip_code), max(length(zip_code)) FROM public.${load.table?.name}`,
    )
    expect(first).toEqual(['00501', '5'])
  })

  test('a Parquet file becomes a table with the types of the file', async () => {
    const load = await world.load('flights.parquet', sample('flights-3m.parquet'))
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 3_000_000 })
    const [count] = await world.sql(`SELECT count(*) FROM public.${load.table?.name}`)
    expect(count).toEqual(['3000000'])
    await world.sql(`DROP TABLE public.${load.table?.name}`)
  })
})

describe('what is in a field is what is in the table', () => {
  test('quotes, line ends in fields, a byte order mark, formulas, empty and quoted-empty fields', async () => {
    const load = await world.load(
      'nasty.csv',
      '\ufeffid,text\r\n1,"a, ""b"""\r\n2,"line 1\r\nline 2"\r\n3,=1+1\r\n4,\r\n5,""\r\n6,ü€😀\r\n',
    )
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 6 })
    expect(await rowsOf(load)).toEqual([
      ['1', 'a, "b"'],
      ['2', 'line 1\r\nline 2'],
      ['3', '=1+1'],
      ['4', null],
      ['5', ''],
      ['6', 'ü€😀'],
    ])
  })

  test.each([
    ['UTF-16, little end first', Buffer.from('\ufeffid;name\n1;Zoë\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\ufeffid;name\n1;Zoë\n', 'utf16le').swap16()],
    ['UTF-8 with semicolons', Buffer.from('id;name\n1;Zoë\n')],
    ['tabs', Buffer.from('id\tname\n1\tZoë')],
    ['line ends of old', Buffer.from('id,name\r1,Zoë\r')],
  ])('%s', async (_, content) => {
    const load = await world.load('names.csv', content)
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 1 })
    expect(await rowsOf(load)).toEqual([['1', 'Zoë']])
  })

  test('Latin-1 is refused as what it is not, and loaded when it is named', async () => {
    const content = Buffer.from('id,name\n1,Zo\xeb\n2,Ann\n', 'latin1')
    const failed = await world.load('latin.csv', content)
    expect(failed).toMatchObject({
      state: 'failed',
      badRows: [{ line: 2, problem: 'it is not UTF-8' }],
      badRowCount: 1,
      error: { code: 'data_exception' },
    })
    const load = await world.load('latin.csv', content, { csv: { encoding: 'latin-1' } })
    expect(await rowsOf(load)).toEqual([
      ['1', 'Zoë'],
      ['2', 'Ann'],
    ])
  })

  test('without a header every line is a row, and columns are numbered', async () => {
    const load = await world.load('bare.csv', '1,a\n2,b\n', { csv: { header: false } })
    const [columns] = await world.sql(
      `SELECT list(column_name ORDER BY ordinal_position) FROM information_schema.columns
       WHERE table_name = '${load.table?.name}'`,
    )
    expect(columns).toEqual([['column_1', 'column_2']])
    expect(load.rowsLoaded).toBe(2)
  })

  test('names: twice the same, none, reserved words, quotes', async () => {
    const sent = await world.upload('names.csv', 'a,A,,select,"say ""x"""\n1,2,3,4,5\n')
    expect(sent.body.preview.columns.map(({ name }) => name)).toEqual([
      'a',
      'A_2',
      'column_3',
      'select',
      'say "x"',
    ])
    const name = 'order'
    const table = { database: 'master', schema: 'public', name }
    await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
    expect(await world.ended(sent.body.id)).toMatchObject({ state: 'succeeded' })
    expect(await world.sql('SELECT "select", "say ""x""" FROM public."order"')).toEqual([
      ['4', '5'],
    ])
  })

  test('columns are chosen, named, typed and put in order', async () => {
    const load = await world.load('chosen.csv', 'a,b,c\n007,2,x\n008,3,y\n', {
      columns: [
        { from: 2, name: 'letter' },
        { from: 0, name: 'number', type: 'smallint' },
      ],
    })
    expect(await rowsOf(load)).toEqual([
      ['x', 7],
      ['y', 8],
    ])
  })

  test('numbers beyond 64 bits and with more digits than a DOUBLE keeps arrive whole', async () => {
    const load = await world.load(
      'wide.csv',
      'id,ratio\n9223372036854775808,0.12345678901234567890\n1,0.5\n',
    )
    expect(await rowsOf(load)).toEqual([
      ['9223372036854775808', '0.12345678901234567890'],
      ['1', '0.50000000000000000000'],
    ])
  })

  test('a field of ten megabytes', async () => {
    const long = 'x'.repeat(10 * 1024 * 1024)
    const load = await world.load('long.csv', `id,text\n1,${long}\n`)
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 1 })
    const sql = `SELECT length(text) FROM public.${load.table?.name}`
    expect(await world.sql(sql)).toEqual([[String(long.length)]])
  })

  test('of a file with 2,000 columns some are loaded; all are more than a table has', async () => {
    const columns = Array.from({ length: 2_000 }, (_, at) => `c${at}`)
    const content = `${columns.join(',')}\n${columns.map((_, at) => at).join(',')}\n`
    const sent = await world.upload('wide.csv', content)
    expect(sent.body.preview.columns).toHaveLength(2_000)
    const table = { database: 'master', schema: 'public', name: 'wide' }
    const all = await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
    expect(all).toMatchObject({ status: 413, body: { code: 'program_limit' } })
    const some = { table, mode: 'create', columns: [{ from: 1_999, name: 'last' }] }
    await world.request('POST', `/${sent.body.id}/start`, some)
    expect(await world.ended(sent.body.id)).toMatchObject({ state: 'succeeded' })
    expect(await world.sql('SELECT * FROM public.wide')).toEqual([['1999']])
  })

  test('300 columns, the last one with a bad value far down', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `c${at}`)
    const row = (last: string): string =>
      `${names.map((_, at) => (at === 299 ? last : at)).join(',')}\n`
    const content = `${names.join(',')}\n${row('1').repeat(12_000)}${row('x')}`
    const load = await world.load('wide.csv', content)
    expect(load).toMatchObject({
      state: 'failed',
      badRowCount: 1,
      badRows: [{ line: 12_002, column: 'c299', value: 'x' }],
    })
  })
})

describe('bad rows', () => {
  test('each is told with line, column, value and problem; nothing is loaded, and no table is there', async () => {
    const before = await tables()
    const lines = ['id,day,note']
    for (let row = 1; row <= 12_000; row += 1) lines.push(`${row},2024-01-01,"two\nlines"`)
    lines.push('x,2024-02-30,fine', '', `12001,2024-01-01,${'y'.repeat(10)}`, '1.5,,')
    const load = await world.load('bad.csv', `${lines.join('\n')}\n`)
    expect(load).toMatchObject({
      state: 'failed',
      badRowCount: 2,
      badRowsUncounted: false,
      badRows: [
        { line: 24_002, column: 'id', value: 'x', problem: expect.stringContaining('BIGINT') },
        { line: 24_002, column: 'day', value: '2024-02-30' },
        { line: 24_005, column: 'id', value: '1.5' },
      ],
      error: { code: 'data_exception', title: 'nothing was loaded: 2 rows are bad' },
    })
    expect(load).not.toHaveProperty('rowsLoaded')
    expect(await tables()).toEqual(before)
  })

  test('the same load starts again with other choices', async () => {
    const sent = await world.upload('again.csv', `id\n${'1\n'.repeat(10_001)}x\n`)
    const table = { database: 'master', schema: 'public', name: 'again' }
    const { id } = sent.body
    await world.request('POST', `/${id}/start`, { table, mode: 'create' })
    expect(await world.ended(id)).toMatchObject({ state: 'failed', badRowCount: 1 })
    const columns = [{ from: 0, name: 'id', type: 'VARCHAR' }]
    await world.request('POST', `/${id}/start`, { table, mode: 'create', columns })
    expect(await world.ended(id)).toMatchObject({
      state: 'succeeded',
      badRows: [],
      rowsLoaded: 10_002,
    })
    const third = await world.request('POST', `/${id}/start`, { table, mode: 'append' })
    expect(third).toMatchObject({ status: 409, body: { code: 'object_not_in_prerequisite_state' } })
  })

  test.each([
    ['too few fields', '1,2\n3\n', 3, 'it has 1 fields, and the first line has 2'],
    ['too many fields', '1,2\n3,4,5\n', 3, 'it has 3 fields, and the first line has 2'],
    ['a quote that is never closed', '1,2\n3,"x\n4,5\n', 3, 'a quote is opened and never closed'],
    ['text behind a quote', '1,2\n3,"x"y\n', 3, 'text follows a closing quote'],
  ])('%s', async (_, content, line, problem) => {
    const sent = await world.upload('broken.csv', `a,b\n${content}`)
    expect(sent.body.preview.badRows).toEqual([{ line, problem }])
    const load = await world.load('broken.csv', `a,b\n${content}`)
    expect(load).toMatchObject({ state: 'failed', badRowCount: 1, badRows: [{ line, problem }] })
    expect(load.error?.title).not.toContain(world.uploadsDirectory)
  })

  test('a NUL character', async () => {
    const load = await world.load('nul.csv', 'a,b\n1,x\0y\n')
    expect(load.badRows).toEqual([
      { line: 2, column: 'b', value: 'x\0y', problem: 'it holds a NUL character' },
    ])
  })

  test('more than a hundred are counted, and a hundred listed', async () => {
    const load = await world.load('many.csv', `id\n${'x\n'.repeat(5_000)}`, {
      columns: [{ from: 0, name: 'id', type: 'INTEGER' }],
    })
    expect(load).toMatchObject({ state: 'failed', badRowCount: 5_000 })
    expect(load.badRows).toHaveLength(100)
  })

  test('a preview tells them for the types that are chosen', async () => {
    const sent = await world.upload('dates.csv', 'day\n05/01/2024\n13/01/2024\n')
    expect(sent.body.preview.columns).toMatchObject([{ type: 'VARCHAR' }])
    const columns = [{ from: 0, name: 'day', type: 'DATE' }]
    const look = async (dateFormat: string) => {
      const choice = { columns, csv: { dateFormat } }
      return (await world.request('POST', `/${sent.body.id}/preview`, choice)).body.badRows
    }
    expect(await look('MM/DD/YYYY')).toMatchObject([
      { line: 3, column: 'day', value: '13/01/2024' },
    ])
    expect(await look('DD/MM/YYYY')).toEqual([])
    await world.request('DELETE', `/${sent.body.id}`)
  })
})

describe('files that are none', () => {
  test('an empty file has no columns to load', async () => {
    const sent = await world.upload('empty.csv', '')
    expect(sent).toMatchObject({ status: 201, body: { preview: { columns: [], rows: [] } } })
    const table = { database: 'master', schema: 'public', name: 'empty' }
    const started = await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
    expect(started).toMatchObject({
      status: 400,
      body: { title: expect.stringContaining('empty') },
    })
    await world.request('DELETE', `/${sent.body.id}`)
  })

  test('a header alone makes a table without rows', async () => {
    const load = await world.load('header.csv', 'a,b\n')
    expect(load).toMatchObject({ state: 'succeeded', rowsLoaded: 0 })
  })

  test.each([
    ['text', 'this is not Parquet'],
    ['magic bytes and nothing between', 'PAR1....PAR1'],
  ])('Parquet that is none: %s', async (_, content) => {
    const sent = await world.upload('not.parquet', content)
    expect(sent.status).toBeGreaterThanOrEqual(400)
    expect(JSON.stringify(sent.body)).not.toContain(world.uploadsDirectory)
    expect(world.uploadedFiles()).toEqual([])
  })
})

describe('rights', () => {
  const table = (name: string, schema = 'public') => ({ database: 'master', schema, name })

  async function started(name: string, mode: 'create' | 'append', schema?: string) {
    const sent = await world.upload('r.csv', 'id\n1\n2\n')
    expect(sent.status).toBe(201)
    return await world.request('POST', `/${sent.body.id}/start`, {
      table: table(name, schema),
      mode,
      columns: [{ from: 0, name: 'id', type: 'INTEGER' }],
    })
  }

  test('a table needs CREATE on its schema, and its creator may then use it', async () => {
    world.caller = await world.client('maker', ['CREATE ON SCHEMA public'])
    const { status, body } = await started('made', 'create')
    expect(status).toBe(202)
    expect(await world.ended(body.id)).toMatchObject({ state: 'succeeded', rowsLoaded: 2 })
    expect(await world.sql('SELECT sum(id) FROM public.made', world.caller)).toEqual([['3']])
    await world.sql('INSERT INTO public.made VALUES (4)', world.caller)
    expect(await started('made', 'create')).toMatchObject({
      status: 409,
      body: { code: 'duplicate_table', field: 'table' },
    })
    const more = await started('made', 'append')
    expect(await world.ended(more.body.id)).toMatchObject({ state: 'succeeded', rowsLoaded: 2 })
    expect(await world.sql('SELECT count(*) FROM public.made', world.caller)).toEqual([['5']])
  })

  test('without CREATE nothing begins, and the file stays for another try', async () => {
    world.caller = await world.client('reader', [])
    expect(await started('mine', 'create')).toMatchObject({
      status: 403,
      body: {
        code: 'insufficient_privilege',
        title: "Missing the following permissions: CREATE on schema 'master.public'",
      },
    })
    const { body } = await world.request('GET', '')
    expect(body.items).toMatchObject([{ state: 'uploaded' }])
  })

  test('a schema that may not be known of looks like one that is not there', async () => {
    await world.sql('CREATE SCHEMA vault; CREATE TABLE vault.t (id INTEGER)')
    world.caller = await world.client('stranger', ['CREATE ON SCHEMA public'])
    const hidden = await started('t', 'create', 'vault')
    const missing = await started('t', 'create', 'nowhere')
    const { title, code, status } = hidden.body as unknown as Record<string, string>
    expect({ title: title?.replace('vault', 'nowhere'), code, status }).toEqual({
      title: missing.body.title,
      code: missing.body.code,
      status: missing.status,
    })
  })

  test('adding rows needs INSERT; a table without any right is not there', async () => {
    await world.sql('CREATE TABLE public.inbox (id INTEGER NOT NULL, note VARCHAR)')
    await world.sql('CREATE TABLE public.hidden (id INTEGER)')
    world.caller = await world.client('sender', ['INSERT ON TABLE public.inbox'])
    const { body } = await started('inbox', 'append')
    expect(await world.ended(body.id)).toMatchObject({ state: 'succeeded', rowsLoaded: 2 })
    expect(await started('hidden', 'append')).toMatchObject({ body: { code: 'undefined_table' } })
    world.caller = await world.client('looker', ['SELECT ON TABLE public.inbox'])
    expect(await started('inbox', 'append')).toMatchObject({
      status: 403,
      body: { code: 'insufficient_privilege' },
    })
    expect(await world.sql('SELECT count(*) FROM public.inbox')).toEqual([['2']])
  })

  test('a column that must have a value, a column that is not there, a table that is none', async () => {
    await world.sql('CREATE TABLE public.strict (id INTEGER NOT NULL)')
    const load = await world.load('strict.csv', 'id,x\n1,a\n,b\n', {
      table: table('strict'),
      mode: 'append',
      columns: [{ from: 0, name: 'ID' }],
    })
    expect(load).toMatchObject({
      state: 'failed',
      badRows: [{ line: 3, column: 'ID', problem: expect.stringContaining('no value') }],
    })
    const sent = await world.upload('strict.csv', 'nothing\n1\n')
    const answer = await world.request('POST', `/${sent.body.id}/start`, {
      table: table('strict'),
      mode: 'append',
    })
    expect(answer.body).toMatchObject({
      code: 'undefined_column',
      hint: 'Columns of the table: id.',
    })
  })

  test("another caller's load is not there", async () => {
    const sent = await world.upload('mine.csv', 'id\n1\n')
    const owner = world.caller
    world.caller = await world.client('other', [])
    const { id } = sent.body
    const start = { table: table('stolen'), mode: 'create' }
    for (const answer of [
      await world.request('GET', `/${id}`),
      await world.request('DELETE', `/${id}`),
      await world.request('POST', `/${id}/preview`, {}),
      await world.request('POST', `/${id}/start`, start),
      await world.request('GET', '/0123456789abcdef0123456789abcdef'),
    ]) {
      expect(answer).toMatchObject({
        status: 404,
        body: { code: 'undefined_object', title: 'there is no such load' },
      })
    }
    expect((await world.request('GET', '')).body.items).toEqual([])
    world.caller = owner
    expect((await world.request('GET', `/${id}`)).body.state).toBe('uploaded')
  })

  test('no SQL reaches an uploaded file, not even that of a superuser', async () => {
    await world.upload('secret.csv', 'canary\n1\n')
    const [file = ''] = world.uploadedFiles()
    const path = `${world.uploadsDirectory}/${file}`
    for (const sql of [
      `SELECT * FROM read_csv('${path}')`,
      `SELECT * FROM read_text('${path}')`,
      `SELECT * FROM read_blob('${path}')`,
      `SELECT * FROM glob('${world.uploadsDirectory}/*')`,
      `SELECT * FROM '${path}'`,
      `SELECT * FROM sniff_csv('${path}')`,
      `SELECT * FROM read_parquet('${path}')`,
      `COPY public.inbox FROM '${path}'`,
      `COPY (SELECT 1) TO '${path}'`,
      `ATTACH '${path}' AS x`,
      'CREATE TABLE public.leak AS SELECT * FROM reject_errors',
      "LOAD 'secret.csv' INTO master.public.t",
      'SET enable_progress_bar = true',
    ]) {
      await expect(world.sql(sql)).rejects.toThrow(/^(?!.*canary)/)
    }
  })

  test.each([
    [{ columns: [{ from: 0, name: 'a"; DROP TABLE x; --' }] }, 202, undefined],
    [{ columns: [{ from: 0, name: 'a', type: 'INTEGER); DROP TABLE x' }] }, 404, 'columns'],
    [{ columns: [{ from: 0, name: 'a', type: 'master.public.inbox' }] }, 404, 'columns'],
    [{ columns: [{ from: 0, name: 'a', type: "ENUM('x')" }] }, 404, 'columns'],
    [{ columns: [{ from: 0, name: 'a\u0000' }] }, 400, 'columns'],
    [{ columns: [{ from: 7, name: 'a' }] }, 400, 'columns'],
    [{ columns: [{ from: -1, name: 'a' }] }, 400, 'columns.0.from'],
    [
      {
        columns: [
          { from: 0, name: 'a' },
          { from: 0, name: 'A' },
        ],
      },
      409,
      'columns',
    ],
    [{ csv: { delimiter: "'" } }, 400, 'csv.delimiter'],
    [{ csv: { delimiter: ',,' } }, 400, 'csv.delimiter'],
    [{ csv: { nullTexts: ["'] x ['"] } }, 202, undefined],
    [{ csv: { nullTexts: ['a,b'] } }, 400, 'csv'],
    [{ csv: { path: '/etc/passwd' } }, 400, 'csv.path'],
    [{ path: '/etc/passwd' }, 400, 'path'],
    [{ mode: 'replace' }, 400, 'mode'],
    [{ table: { database: 'master', schema: 'bluegate_internal', name: 'objects' } }, 404, 'table'],
    [{ table: { database: 'memory', schema: 'main', name: 'x' } }, 404, 'table'],
  ])('choices are checked: %j', async (choice, status, field) => {
    const sent = await world.upload('h.csv', 'a\n1\n')
    const name = `h${sent.body.id}`
    const start = { table: table(name), mode: 'create', ...choice }
    const answer = await world.request('POST', `/${sent.body.id}/start`, start)
    expect(answer).toMatchObject({ status, ...(field !== undefined && { body: { field } }) })
    const load = await world.ended(sent.body.id)
    expect(load).toMatchObject({ state: status === 202 ? 'succeeded' : 'uploaded' })
  })
})

describe('from Parquet', () => {
  test('columns are chosen and named; rows that lose something in the table are bad', async () => {
    await world.sql('CREATE TABLE public.narrow (delay TINYINT, distance INTEGER)')
    const sent = await world.upload('flights.parquet', sample('flights-3m.parquet'))
    const names = sent.body.preview.columns.map(({ name }) => name)
    const columns = ['delay', 'distance'].map((name) => ({ from: names.indexOf(name), name }))
    const choice = {
      table: { database: 'master', schema: 'public', name: 'narrow' },
      mode: 'append',
      columns,
    }
    await world.request('POST', `/${sent.body.id}/start`, choice)
    const load = await world.ended(sent.body.id)
    expect(load).toMatchObject({ state: 'failed', error: { code: 'data_exception' } })
    expect(load.badRows[0]).toMatchObject({
      column: 'delay',
      value: expect.stringMatching(/^\d+$/),
    })
    expect(await world.sql('SELECT count(*) FROM public.narrow')).toEqual([['0']])
  })
})

describe('the life of a load', () => {
  /** Takes some seconds to load. */
  const large = `id,text\n${'1,some text that is a little longer\n'.repeat(3_000_000)}`

  test('cancelled in the middle, it leaves no table and no file', async () => {
    const before = await tables()
    const sent = await world.upload('large.csv', large)
    const table = { database: 'master', schema: 'public', name: 'cancelled' }
    await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
    const running = await world.request('GET', `/${sent.body.id}`)
    expect(running.body.state).toBe('running')
    const twice = await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
    expect(twice).toMatchObject({ status: 409, body: { code: 'object_in_use' } })
    const removed = await world.request('DELETE', `/${sent.body.id}`)
    expect(removed).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    expect(await tables()).toEqual(before)
    expect(world.uploadedFiles()).toEqual([])
    expect(await world.request('GET', `/${sent.body.id}`)).toMatchObject({ status: 404 })
    const record = world.audit.records.findLast(({ details }) => details?.startsWith('LOAD'))
    expect(record).toMatchObject({
      outcome: 'cancelled',
      details: "LOAD 'large.csv' INTO master.public.cancelled",
    })
  })

  test('progress is told on the way, and two at once both arrive', async () => {
    const percents: number[] = []
    const start = async (name: string) => {
      const sent = await world.upload('large.csv', large)
      const table = { database: 'master', schema: 'public', name }
      await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
      return sent.body.id
    }
    const ids = [await start('one'), await start('two')]
    for (const id of ids) {
      for (;;) {
        const { body } = await world.request('GET', `/${id}`)
        if (body.percent !== undefined) percents.push(body.percent)
        if (body.state !== 'running') break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      expect(await world.ended(id)).toMatchObject({ state: 'succeeded', rowsLoaded: 3_000_000 })
    }
    expect(percents.some((percent) => percent > 0 && percent < 100)).toBe(true)
    await world.sql('DROP TABLE public.one; DROP TABLE public.two')
  })

  test('a client that is disabled in the middle loads nothing', async () => {
    world.caller = await world.client('leaver', ['CREATE ON SCHEMA public'])
    const sent = await world.upload('large.csv', large)
    const table = { database: 'master', schema: 'public', name: 'left' }
    await world.request('POST', `/${sent.body.id}/start`, { table, mode: 'create' })
    await world.identity.setClientEnabled('leaver', false)
    const load = await world.ended(sent.body.id)
    expect(load).toMatchObject({ state: 'cancelled' })
    expect(world.uploadedFiles()).toEqual([])
    world.caller = world.identity.localAdministrator()
    expect((await tables()).flat()).not.toContain('left')
  })

  test('what was loaded is on record: text, objects, rows, outcome', async () => {
    const load = await world.load("it's.csv", 'id\n1\n2\n3\n')
    const records = world.audit.records.filter(({ details }) => (details ?? '').match(/it.s.csv/))
    expect(records.map(({ action, details }) => [action, details])).toEqual([
      ['file_uploaded', "it's.csv"],
      ['statement', "CHECK 'it s.csv'"], // the preview's
      ['statement', "CHECK 'it s.csv'"],
      ['statement', `LOAD 'it s.csv' INTO master.public.${load.table?.name}`],
    ])
    expect(records[3]).toMatchObject({
      category: 'DDL',
      outcome: 'succeeded',
      rows: 3,
      objects: expect.arrayContaining(['CREATE on master.public']),
    })
  })

  test('a caller has so many files and no more', async () => {
    for (const name of ['a', 'b', 'c']) expect((await world.upload(name, 'x\n')).status).toBe(201)
    expect(await world.upload('d', 'x\n')).toMatchObject({
      status: 429,
      body: { code: 'configuration_limit' },
    })
    await world.removeAll()
    world.caller = world.identity.localAdministrator()
    expect((await world.upload('d', 'x\n')).status).toBe(201)
  })
})
