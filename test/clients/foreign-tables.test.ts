/** Foreign tables: the files of a location, read as they say, and nothing else of the machine. */
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import { failureOf } from './harness/client-connection.ts'
import { sessionsOn } from './harness/session-of.ts'
import type { StockClient } from './harness/stock-clients.ts'
import { AGAINST_POSTGRESQL } from './harness/test-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'

const CLIENTS: readonly StockClient[] = ['node-postgres', 'psql']

describe.skipIf(AGAINST_POSTGRESQL)('foreign tables', () => {
  let directory: string
  let server: BluegateServer
  let maker: ClientCredentials
  let reader: ClientCredentials
  const place = (name: string) => path.join(directory, 'files', name)
  const write = (name: string, content: string) => writeFileSync(place(name), content)

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'bluegate-foreign-')))
    for (const name of ['files', 'files/years', 'other']) mkdirSync(path.join(directory, name))
    write('people.csv', 'id,name,paid\n1,Ann,10.50\n2,"Bob, the ""second""",\n3,"",\\N\n')
    write('years/2023.csv', '1;a\n')
    write('years/2024.csv', '2;b\n')
    write('events.json', '{"id":1,"what":"in","at":"2024-05-01T10:00:00"}\n{"id":2,"ok":true}\n')
    writeFileSync(path.join(directory, 'other', 'secret.csv'), '1,canary\n')
    server = await startBluegate({
      env: {
        BLUEGATE_LOCATIONS: `files=${path.join(directory, 'files')},other=${path.join(directory, 'other')}`,
      },
    })
    await server.admin('CREATE SCHEMA lake')
    maker = await server.createClient('maker', [
      'USAGE, CREATE ON SCHEMA lake',
      'USAGE ON LOCATION files',
    ])
    reader = await server.createClient('reader', ['USAGE ON SCHEMA lake'])
    await as(maker, async (session) => {
      await session.query(
        "CREATE FOREIGN TABLE lake.people (id INT, name TEXT, paid NUMERIC(10,2)) WRAPPER csv_fdw OPTIONS (LOCATION = 'files/people.csv', OFFSET = 2)",
      )
    })
    await server.admin(
      'GRANT SELECT ON COLUMN id, name IN FOREIGN TABLE lake.people TO reader_role',
    )
  }, 120_000)

  afterAll(async () => {
    await server?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const as = sessionsOn(() => server)

  async function rows(sql: string, credentials = maker, client: StockClient = 'node-postgres') {
    return await as(credentials, async (session) => (await session.query(sql)).rows, client)
  }

  async function failure(sql: string, credentials = maker, client: StockClient = 'node-postgres') {
    return await as(
      credentials,
      async (session) => {
        const { sqlState, message } = await failureOf(session.query(sql))
        return [sqlState, message]
      },
      client,
    )
  }

  describe.each(CLIENTS)('%s', (client) => {
    test('a CSV file is read as its columns say', async () => {
      expect(await rows('SELECT * FROM lake.people ORDER BY id', maker, client)).toEqual([
        ['1', 'Ann', '10.50'],
        ['2', 'Bob, the "second"', null],
        ['3', '', null],
      ])
    })

    test('the columns that were granted are read, the others are not', async () => {
      expect(await rows('SELECT name FROM lake.people WHERE id = 1', reader, client)).toEqual([
        ['Ann'],
      ])
      expect(await failure('SELECT paid FROM lake.people', reader, client)).toEqual([
        '42501',
        expect.stringContaining("SELECT on column 'master.lake.people.paid'"),
      ])
    })
  })

  const MAKE = 'CREATE FOREIGN TABLE lake.'
  const csv = (name: string, columns: string, location: string, more = '') =>
    `${MAKE}${name} (${columns}) FOREIGN DATA WRAPPER csv_fdw OPTIONS (LOCATION = '${location}'${more})`

  describe('files', () => {
    test('a pattern stands for all that fits, in the order of names', async () => {
      await rows(csv('years', 'n INT, t TEXT', 'files/years/*.csv', ", DELIMITER = ';'"))
      expect(await rows('SELECT * FROM lake.years ORDER BY n')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ])
      write('years/2025.csv', '3;c\n')
      expect(await rows('SELECT count(*) FROM lake.years')).toEqual([['3']])
      rmSync(place('years/2025.csv'))
    })

    test('JSON: columns are found, or written out; a key that is missing is NULL', async () => {
      await rows(`${MAKE}events () WRAPPER json_fdw OPTIONS (LOCATION 'files/events.json',)`)
      expect(await rows('SELECT * FROM lake.events ORDER BY id')).toEqual([
        ['1', 'in', '2024-05-01 10:00:00', null],
        ['2', null, null, 't'],
      ])
      write('exact.json', '{"n":1}\n{"n":1.5}\n')
      await rows(`${MAKE}exact (n INT) WRAPPER json_fdw OPTIONS (LOCATION = 'files/exact.json')`)
      expect(await failure('SELECT n FROM lake.exact')).toEqual([
        '22P02',
        'foreign table "exact": a value does not fit column "n"',
      ])
    })

    test('a value that does not fit is an error that names file, record and column', async () => {
      write('numbers.csv', '1,1.00\n2,x\n3,1.005\n4,""\n')
      for (const [name, type] of [
        ['strict', 'DECIMAL(10,2)'],
        ['whole', 'INTEGER'],
      ]) {
        await rows(csv(name ?? '', `id INT, n ${type}`, 'files/numbers.csv'))
        const error = await as(maker, (session) =>
          failureOf(session.query(`SELECT n FROM lake.${name} WHERE id > 1`)),
        )
        expect([error.sqlState, error.message]).toEqual([
          '22P02',
          `foreign table "${name}": a value does not fit column "n"`,
        ])
        const record = name === 'strict' ? 2 : 1
        expect(error.detail).toBe(`In file "files/numbers.csv", record ${record}.`)
        expect(JSON.stringify(error)).not.toContain(directory)
      }
      expect(await rows('SELECT id FROM lake.strict ORDER BY id')).toHaveLength(4)
    })

    test('a record with other columns is an error that names file and line', async () => {
      write('short.csv', 'a,b\n1\n')
      await rows(csv('short', 'a TEXT, b TEXT', 'files/short.csv'))
      const error = await as(maker, (session) => failureOf(session.query('FROM lake.short')))
      expect([error.sqlState, error.message, error.detail]).toEqual([
        '22000',
        'foreign table "short": a record cannot be read',
        'In file "files/short.csv", line 2.',
      ])
    })

    test('a missing file, a pattern without files and a link that leads out are one error', async () => {
      symlinkSync(path.join(directory, 'other', 'secret.csv'), place('link.csv'))
      symlinkSync(path.join(directory, 'other'), place('way'))
      symlinkSync(place('people.csv'), place('within.csv'))
      const refused = [
        'nothing.csv',
        'no*.csv',
        'link.csv',
        'l*.csv',
        'way/secret.csv',
        'way/*.csv',
        'w?y/secret.csv',
        'years',
      ]
      const seen = new Set<string>()
      for (const [index, location] of refused.entries()) {
        const found = await failure(csv(`gone_${index}`, 'a INT, b TEXT', `files/${location}`))
        seen.add(JSON.stringify(found).replace(/gone_\d+/, 'gone'))
      }
      expect([...seen]).toEqual([
        JSON.stringify(['42704', 'foreign table "gone": there is no such file in the location']),
      ])
      await rows(csv('within', 'id TEXT, name TEXT, paid TEXT', 'files/within.csv'))
      expect(await rows("SELECT name FROM lake.within WHERE id = '1'")).toEqual([['Ann']])
    })

    test('a file that becomes a link after the table was made is not followed', async () => {
      write('swapped.csv', '1,mine\n')
      await rows(csv('swapped', 'n INT, t TEXT', 'files/swapped.csv'))
      expect(await rows('FROM lake.swapped')).toEqual([['1', 'mine']])
      rmSync(place('swapped.csv'))
      symlinkSync(path.join(directory, 'other', 'secret.csv'), place('swapped.csv'))
      expect((await failure('FROM lake.swapped'))[0]).toBe('42704')
      rmSync(place('swapped.csv'))
      symlinkSync(
        path.join(server.dataDirectory, 'engine', 'databases', 'master.duckdb'),
        place('swapped.csv'),
      )
      expect((await failure('FROM lake.swapped'))[0]).toBe('42704')
    })

    test('Parquet: columns are found; a file that changes them fails, and gives no wrong value', async () => {
      await parquet('p/1.parquet', "SELECT 1::BIGINT AS n, 'a' AS t")
      await parquet('p/2.parquet', "SELECT 2::BIGINT AS n, 'b' AS t, true AS more")
      await rows(`${MAKE}p WRAPPER parquet_fdw OPTIONS (LOCATION = 'files/p/*.parquet')`)
      expect(await rows('SELECT * FROM lake.p ORDER BY n')).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ])
      const changes = [
        [
          "SELECT 1.5::DOUBLE AS n, 'a' AS t",
          'column "n" of the foreign table is BIGINT, and the file has DOUBLE',
        ],
        [
          "SELECT '1' AS n, 'a' AS t",
          'column "n" of the foreign table is BIGINT, and the file has VARCHAR',
        ],
        [
          "SELECT 'a' AS t",
          'column "n" of the foreign table is BIGINT, and there is none in the file',
        ],
        [
          'SELECT 1::BIGINT AS t, 2::BIGINT AS n',
          'column "t" of the foreign table is VARCHAR, and the file has BIGINT',
        ],
      ]
      for (const [query = '', complaint] of changes) {
        for (const file of ['p/1.parquet', 'p/2.parquet']) {
          await parquet('p/1.parquet', "SELECT 1::BIGINT AS n, 'a' AS t")
          await parquet('p/2.parquet', "SELECT 2::BIGINT AS n, 'b' AS t")
          await parquet(file, query)
          expect(await failure('SELECT sum(n) FROM lake.p')).toEqual([
            '55000',
            `foreign table "p": ${complaint}`,
          ])
        }
      }
      writeFileSync(place('p/2.parquet'), 'no Parquet at all')
      expect((await failure('SELECT count(*) FROM lake.p'))[1]).toBe(
        'foreign table "p": a file cannot be read',
      )
    })
  })

  describe('rights', () => {
    test('a location is for those with USAGE; to others it is as one that there is not', async () => {
      expect(await failure(csv('x', 'a INT, b TEXT', 'other/secret.csv'))).toEqual([
        '42704',
        'location "other" does not exist',
      ])
      expect(await failure(csv('x', 'a INT, b TEXT', 'nowhere/secret.csv'))).toEqual([
        '42704',
        'location "nowhere" does not exist',
      ])
      await server.admin('GRANT USAGE ON LOCATION other TO maker_role')
      await rows(csv('borrowed', 'a INT, b TEXT', 'other/secret.csv'))
      await server.admin('GRANT SELECT ON FOREIGN TABLE lake.borrowed TO reader_role')
      expect(await rows('SELECT b FROM lake.borrowed', reader)).toEqual([['canary']])
      await server.admin('REVOKE USAGE ON LOCATION other FROM maker_role')
      for (const who of [maker, reader]) {
        expect(await failure('SELECT b FROM lake.borrowed', who)).toEqual([
          '55000',
          'foreign table "borrowed" cannot be read now',
        ])
      }
    })

    test('only who may read all of the table is told which file is wrong', async () => {
      write('told.csv', '1,x\n2,y\n')
      await rows(csv('told', 'id INT, n TEXT', 'files/told.csv'))
      await rows('CREATE VIEW lake.over_told AS SELECT id FROM lake.told')
      await server.admin('GRANT SELECT ON VIEW lake.over_told TO reader_role')
      await server.admin('GRANT SELECT ON COLUMN n IN FOREIGN TABLE lake.told TO reader_role')
      expect(await rows('SELECT id FROM lake.over_told ORDER BY id', reader)).toHaveLength(2)
      for (const content of ['1\n', 'x,y\n', undefined]) {
        if (content === undefined) rmSync(place('told.csv'))
        else write('told.csv', content)
        for (const sql of ['SELECT id FROM lake.over_told', 'SELECT n FROM lake.told']) {
          const outcome = await as(reader, (session) =>
            failureOf(session.query(sql)).catch(() => undefined),
          )
          if (outcome === undefined) continue // n may be read, whatever id is
          expect(outcome.message).toBe('a file of a foreign table cannot be read')
          expect(JSON.stringify(outcome)).not.toMatch(/told\.csv|files\//)
        }
        expect((await failure('SELECT id FROM lake.told'))[1]).toContain('foreign table "told"')
      }
    })

    test('it is read-only, and read by all that reads', async () => {
      await server.admin('CREATE TABLE lake.target (id INT, name TEXT)')
      await server.admin('GRANT ALL ON TABLE lake.target TO maker_role')
      await rows(
        'CREATE VIEW lake.people_1 AS SELECT p.name FROM lake.people p JOIN lake.people q USING (id)',
      )
      expect(await rows('SELECT count(*) FROM lake.people_1')).toEqual([['3']])
      await rows('INSERT INTO lake.target SELECT id, name FROM lake.people')
      await rows('INSERT INTO lake.target (name) SELECT name FROM lake.people_1')
      expect(await rows('SELECT count(*), count(id) FROM lake.target')).toEqual([['6', '3']])
      await rows('CREATE TABLE lake.copied AS SELECT * FROM lake.people WHERE paid IS NOT NULL')
      expect(await rows('SELECT * FROM lake.copied')).toEqual([['1', 'Ann', '10.50']])
      const plan = await rows('EXPLAIN SELECT name FROM lake.people')
      expect(JSON.stringify(plan)).not.toContain(directory)
      const refused = [
        "INSERT INTO lake.people VALUES (4, 'x', 1)",
        "UPDATE lake.people SET name = 'x'",
        'DELETE FROM lake.people',
        'TRUNCATE lake.people',
        'EXPLAIN ANALYZE SELECT name FROM lake.people',
        'UPDATE lake.target SET name = p.name FROM lake.people p WHERE p.id = target.id',
        'DELETE FROM lake.target USING lake.people p WHERE p.id = target.id',
      ]
      const answers = await Promise.all(refused.map((sql) => failure(sql)))
      expect(answers.map(([state]) => state)).toEqual(refused.map(() => '0A000'))
      expect((await failure('CREATE INDEX i ON lake.people (id)'))[0]).toBe('42809')
    })

    test('it is dropped, replaced and renamed as a foreign table, and its grants go with it', async () => {
      await rows(csv('life', 'a TEXT, b TEXT, c TEXT', 'files/people.csv'))
      await server.admin('GRANT SELECT ON FOREIGN TABLE lake.life TO reader_role')
      expect((await failure('DROP TABLE lake.life'))[0]).toBe('42809')
      expect((await failure('DROP VIEW lake.life'))[0]).toBe('42809')
      expect((await failure('CREATE OR REPLACE VIEW lake.life AS SELECT 1 AS a'))[0]).toBe('42809')
      await rows('ALTER FOREIGN TABLE lake.life RENAME TO life_2')
      expect(await rows('SELECT a FROM lake.life_2 LIMIT 1', reader)).toEqual([['id']])
      await rows(
        csv('life_2', 'x TEXT, y TEXT, z TEXT', 'files/people.csv', ', OFFSET 2').replace(
          'CREATE',
          'CREATE OR REPLACE',
        ),
      )
      expect(await rows('SELECT x FROM lake.life_2 LIMIT 1')).toEqual([['1']])
      expect((await failure('SELECT x FROM lake.life_2', reader))[0]).toBe('42P01')
      await rows('DROP FOREIGN TABLE lake.life_2')
      await rows('DROP FOREIGN TABLE IF EXISTS lake.life_2')
      expect((await failure('SELECT x FROM lake.life_2'))[0]).toBe('42P01')
    })

    test('in a transaction it is seen by those that made it, and gone after a rollback', async () => {
      await as(maker, async (session) => {
        await session.query('BEGIN')
        await session.query(csv('brief', 'a TEXT, b TEXT, c TEXT', 'files/people.csv'))
        expect((await session.query('SELECT count(*) FROM lake.brief')).rows).toEqual([['4']])
        await session.query('ROLLBACK')
        expect((await failureOf(session.query('FROM lake.brief'))).sqlState).toBe('42P01')
      })
    })

    test('permissions on all of a schema, by default, and in every list of them', async () => {
      await server.admin('CREATE SCHEMA pond')
      await server.admin('GRANT USAGE ON SCHEMA pond TO reader_role')
      await server.admin('GRANT USAGE, CREATE ON SCHEMA pond TO maker_role')
      await server.admin(
        'ALTER DEFAULT PERMISSIONS FOR maker_role IN pond FOR FOREIGN TABLES GRANT SELECT TO reader_role',
      )
      await rows(csv('a', 'a TEXT, b TEXT, c TEXT', 'files/people.csv').replace('lake.', 'pond.'))
      expect(await rows('SELECT count(*) FROM pond.a', reader)).toEqual([['4']])
      await server.admin('REVOKE SELECT ON ALL FOREIGN TABLES IN SCHEMA pond FROM reader_role')
      expect((await failure('FROM pond.a', reader))[0]).toBe('42P01')
      const mine = await rows('SELECT GET_ROLE_PERMISSIONS()')
      expect(mine).toContainEqual(['USAGE', 'location', 'files'])
      expect(mine).toContainEqual(['SELECT', 'foreign table', 'master.pond.a'])
      const described = await rows('DESCRIBE ROLE PERMISSIONS ROLE NAME maker_role')
      expect(described.map(([, , layer]) => layer)).toContain('location files')
      const needed = await rows(
        `SELECT GET_STATEMENT_PERMISSIONS($$${csv('b', 'a TEXT', 'files/people.csv')}$$)`,
      )
      expect(needed).toContainEqual(['USAGE', 'location', 'files'])
    })
  })

  describe('over time', () => {
    test('a statement that is prepared once finds the files of each run', async () => {
      write('years/2026.csv', '4;d\n')
      await as(maker, async (session) => {
        const count = 'SELECT count(*) FROM lake.years WHERE n > $1'
        expect((await session.query(count, ['0'])).rows).toEqual([['3']])
        write('years/2027.csv', '5;e\n')
        expect((await session.query(count, ['0'])).rows).toEqual([['4']])
        rmSync(place('years/2027.csv'))
        rmSync(place('years/2026.csv'))
        expect((await session.query(count, ['0'])).rows).toEqual([['2']])
      })
    })

    test('a long result is whole, and two at once keep apart', async () => {
      const count = 300_000
      write('long.csv', Array.from({ length: count }, (_, n) => `${n},text ${n}\n`).join(''))
      await rows(csv('long', 'n INT, t TEXT', 'files/long.csv'))
      await as(maker, async (session) => {
        const found = await session.query('SELECT n, t FROM lake.long')
        expect(found.rows).toHaveLength(count)
        expect(found.rows.at(-1)).toEqual([String(count - 1), `text ${count - 1}`])
      })
      write('long.csv', `${'1,x\n'.repeat(count)}x,y\n`)
      expect((await failure('SELECT n FROM lake.long'))[0]).toBe('22P02')
    })

    test('a backup is taken while files are missing, and tables are there after a restart of the engine', async () => {
      await rows(csv('lost', 'a TEXT, b TEXT, c TEXT', 'files/people.csv'))
      await rows('CREATE VIEW lake.over_lost AS SELECT a FROM lake.lost')
      renameSync(place('people.csv'), place('people.away'))
      try {
        await server.bluegate('backup', path.join(directory, 'backup.tar'))
        const status = (await server.bluegateJson('status')) as { engineGeneration: number }
        expect(status.engineGeneration).toBe(1)
        expect((await failure('SELECT a FROM lake.over_lost'))[1]).toBe(
          'a file of a foreign table cannot be read',
        )
        await rows('SELECT count(*) FROM lake.years')
      } finally {
        renameSync(place('people.away'), place('people.csv'))
      }
      expect(await rows('SELECT count(*) FROM lake.over_lost')).toEqual([['4']])
    })
  })

  async function parquet(name: string, query: string): Promise<void> {
    mkdirSync(path.dirname(place(name)), { recursive: true })
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(`COPY (${query}) TO '${place(name)}' (FORMAT parquet)`)
    connection.closeSync()
    instance.closeSync()
  }
})
