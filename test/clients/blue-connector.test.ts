/** The stock BLUE connector, unmodified: from connect to close, in three versions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BlueConnector } from './harness/blue-connector.ts'
import type { ConnectorOptions } from './harness/blue-connector.ts'
import { startBluegate } from './harness/bluegate-server.ts'
import type { BluegateServer } from './harness/bluegate-server.ts'
import type { ClientCredentials } from './harness/test-server.ts'
import { CONNECTOR_VERSIONS } from './setup/install-pysqream-blue.ts'

let server: BluegateServer
let client: ClientCredentials

beforeAll(async () => {
  server = await startBluegate()
  await server.admin(
    `CREATE TABLE numbers AS SELECT range AS n, 'row ' || range AS t FROM range(60000)`,
  )
  await server.admin('CREATE TABLE hidden (canary VARCHAR)')
  client = await server.createClient('notebook', [
    'SELECT ON TABLE numbers',
    'CREATE ON SCHEMA public',
  ])
})
afterAll(() => server?.stop())

async function withConnector<T>(
  work: (connector: BlueConnector) => Promise<T>,
  options: ConnectorOptions = {},
): Promise<T> {
  const connector = await BlueConnector.connect(server, { access_token: client.token, ...options })
  try {
    return await work(connector)
  } finally {
    await connector.close()
  }
}

describe.each(CONNECTOR_VERSIONS)('version %s', (version) => {
  test('rows come back one, some, and all of them, across the pieces that they come in', async () => {
    await withConnector(
      async (connector) => {
        await connector.execute('SELECT n, t FROM numbers ORDER BY n')
        expect(await connector.fetchone()).toEqual([['0', 'row 0']])
        expect(await connector.fetchmany(2)).toEqual([
          ['1', 'row 1'],
          ['2', 'row 2'],
        ])
        const rest = await connector.fetchall()
        expect(rest).toHaveLength(60_000 - 3)
        expect(rest.at(-1)).toEqual(['59999', 'row 59999'])
        expect(await connector.fetchone()).toEqual([])
        expect(await connector.rowcount()).toBe(60_000)
      },
      { version },
    )
  })

  test('a table is made, filled, changed, read and dropped', async () => {
    await withConnector(
      async (connector) => {
        await connector.execute('create or replace table t (a int, b text)')
        await connector.execute(`insert into t values (1, 'é'), (2, null)`)
        await connector.execute('insert into t select * from t')
        await connector.execute(`update t set b = 'x' where a = 2`)
        expect(await connector.rowsOf('select a, b from t order by a, b')).toEqual([
          ['1', 'é'],
          ['1', 'é'],
          ['2', 'x'],
          ['2', 'x'],
        ])
        await connector.execute('truncate table t')
        expect(await connector.rowsOf('select * from t')).toEqual([])
        await connector.execute('drop table t')
      },
      { version },
    )
  })

  test('what is not granted is not there', async () => {
    await withConnector(
      async (connector) => {
        const refused = connector.execute('select * from hidden')
        await expect(refused).rejects.toThrow(
          /OperationalError.*relation .*hidden.* does not exist/s,
        )
        await expect(connector.execute('select * from nothing')).rejects.toThrow('does not exist')
        expect(await connector.rowsOf('select 1')).toEqual([['1']])
      },
      { version },
    )
  })
})

describe('connecting', () => {
  test('a user name beside a good token is ignored', async () => {
    const options = { username: 'somebody', password: 'else' }
    expect(await withConnector((c) => c.rowsOf('select 2'), options)).toEqual([['2']])
  })

  test('the client’s name and its token are user and password', async () => {
    const connector = await BlueConnector.connect(server, {
      username: client.name,
      password: client.token,
    })
    expect(await connector.rowsOf('select true')).toEqual([['t']])
    await connector.close()
  })

  test.each([
    ['a wrong token', { access_token: 'wrong' }, /OperationalError.*authentication failed/s],
    ['a wrong password', { username: 'sqream' }, /OperationalError.*wrong password for role/s],
  ])('%s is an OperationalError', async (_, options, message) => {
    await expect(BlueConnector.connect(server, options)).rejects.toThrow(message)
  })

  test.each([
    [{ database: 'nowhere' }, /OperationalError.*database .*nowhere.* does not exist/s],
    [{ pool_name: 'nowhere' }, /OperationalError.*pool .*nowhere.* does not exist/s],
  ])('%j is refused', async (options, message) => {
    await expect(withConnector(() => Promise.resolve(), options)).rejects.toThrow(message)
  })

  test('the audit names the client, the door, the true address and the program', async () => {
    const id = await withConnector(
      async (connector) => {
        await connector.execute('select 42')
        return await connector.statementId()
      },
      { source_type: 'JOBS' },
    )
    const [sessionId = '', queryId] = id.split(':')
    const events = (await server.bluegateJson('audit', '--session', sessionId)) as readonly Record<
      string,
      unknown
    >[]
    expect(new Set(events.map(({ action }) => action))).toEqual(
      new Set(['login', 'session_end', 'statement']),
    )
    for (const event of events) {
      expect(event).toMatchObject({
        username: client.name,
        door: 'grpc',
        address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as string,
        clientVersion: 'pysqream-blue_V1.0.48',
        initiatedBy: 'Jobs',
      })
    }
    expect(events.find(({ action }) => action === 'statement')).toMatchObject({
      queryId: Number(queryId),
      details: 'select 42',
      rows: 1,
      outcome: 'succeeded',
    })
  })

  test('the session is in DESCRIBE SESSIONS, with who began it', async () => {
    await withConnector(
      async (connector) => {
        const sessions = await connector.rowsOf('describe sessions initiated by ALL')
        expect(sessions.flat()).toContain('Jobs')
      },
      { source_type: 'JOBS' },
    )
  })
})

describe('statements', () => {
  test('description names the types', async () => {
    await withConnector(async (connector) => {
      await connector.execute(
        `select 1::bigint as a, 'x' as b, 1.5::numeric(10,2) as c, date '2024-01-01' as d, [1] as e`,
      )
      expect(await connector.description()).toEqual([
        ['a', 'NUMBER', '8', '8', '0', '0', 't'],
        ['b', 'STRING', '0', '0', '0', '0', 't'],
        ['c', 'NUMBER', '16', '16', '10', '2', 't'],
        ['d', 'DATETIME', '4', '4', '0', '0', 't'],
        ['e', 'ARRAY', '0', '0', '0', '0', 't'],
      ])
      await connector.execute('create table described (a int)', 'fresh')
      expect(await connector.description('fresh')).toEqual([])
      await connector.execute('drop table described')
    })
  })

  test('two statements in one are refused', async () => {
    await withConnector(async (connector) => {
      await expect(connector.execute('select 1; select 2')).rejects.toThrow(
        'expected one statement, got 2',
      )
      expect(await connector.rowsOf('\n\tselect 1 -- a comment\n;')).toEqual([['1']])
    })
  })

  test('an error in the last row of many is told, by fetchall and by fetchmany', async () => {
    const sql = `select cast(case when range = 799999 then 'x' else range::varchar end as int)
                 from range(800000)`
    await withConnector(async (connector) => {
      await connector.execute(sql)
      await expect(connector.countAll(10_000)).rejects.toThrow(
        /OperationalError.*Could not convert/s,
      )
    })
  })

  test('twenty cursors of one session run side by side', async () => {
    await withConnector(async (connector) => {
      const firsts = await connector.inParallel(20, 'select $1 + max(n) - max(n) from numbers')
      expect(firsts).toEqual(Array.from({ length: 20 }, (_, index) => String(index)))
    })
  })

  test('a cursor is used again before its result was read', async () => {
    await withConnector(async (connector) => {
      for (let k = 0; k < 5; k += 1) await connector.execute('select n from numbers')
      expect(await connector.rowsOf('select 7')).toEqual([['7']])
    })
  })

  test('a statement is cancelled from another thread', async () => {
    await withConnector(async (connector) => {
      const endless = 'select count(*) from range(1000000) a, range(1000000) b'
      await connector.execute('select 1', 'cancelled')
      const failed = connector.executeThenCancel(endless, 1500)
      await expect(failed).rejects.toThrow(/OperationalError.*canceling statement/s)
      expect(await connector.rowsOf('select 1')).toEqual([['1']])
    })
  })

  test('cancelling what is over is no error', async () => {
    await withConnector(async (connector) => {
      await connector.rowsOf('select 1')
      await connector.cancel()
      expect(await connector.rowsOf('select 2')).toEqual([['2']])
    })
  })

  test('query_timeout ends a statement, a write too', async () => {
    await withConnector(
      async (connector) => {
        const endless = 'select count(*) from range(1000000) a, range(1000000) b'
        await expect(connector.execute(endless)).rejects.toThrow('Connection timeout expired')
        const write = `create table late as ${endless}`
        await expect(connector.execute(write)).rejects.toThrow('Connection timeout expired')
        await expect(connector.execute('select * from late')).rejects.toThrow('does not exist')
      },
      { query_timeout: 1 },
    )
  })
})

describe('cutting off', () => {
  test('a client that is disabled gets no more rows, and is told why', async () => {
    const leaked = await server.createClient('leaked', ['SELECT ON TABLE numbers'])
    const connector = await BlueConnector.connect(server, { access_token: leaked.token })
    await connector.execute('select n from numbers')
    await connector.fetchmany(10)
    await server.bluegate('client', 'disable', leaked.name)
    await expect(connector.countAll(100_000)).rejects.toThrow(/OperationalError.*disabled/s)
    await expect(connector.execute('select 1')).rejects.toThrow(/disabled/)
    await expect(BlueConnector.connect(server, { access_token: leaked.token })).rejects.toThrow(
      'OperationalError',
    )
    await connector.close()
  })

  test('a grant that is revoked ends the result that needs it, held rows included', async () => {
    const reader = await server.createClient('reader', ['SELECT ON TABLE numbers'])
    const connector = await BlueConnector.connect(server, { access_token: reader.token })
    await connector.execute('select n from numbers limit 10') // small: all of it is held
    await connector.execute('select n from numbers', 'long')
    await server.admin(`REVOKE SELECT ON TABLE numbers FROM ${reader.role}`)
    await expect(connector.fetchall()).rejects.toThrow(/revoked/)
    await expect(connector.countAll(100_000, 'long')).rejects.toThrow(/revoked/)
    expect(await connector.rowsOf('select 1')).toEqual([['1']])
    await connector.close()
  })

  test('a statement that runs is ended by ABORT', async () => {
    const connector = await BlueConnector.connect(server, { access_token: client.token })
    await connector.rowsOf('select 1')
    const [sessionId = ''] = (await connector.statementId()).split(':')
    const failed = connector.execute('select count(*) from range(1000000) a, range(1000000) b')
    failed.catch(() => undefined)
    const statements = () => server.admin(`describe session queries session id '${sessionId}'`)
    await expect
      .poll(async () => (await statements()).flat(), { timeout: 20_000 })
      .toContain('EXECUTING')
    await server.admin(`ABORT('${sessionId}', '2')`)
    await expect(failed).rejects.toThrow(/OperationalError.*administrator command/s)
    await connector.close()
  })
})

test('a client that was killed leaves nothing behind after the time that is set', async () => {
  const short = await startBluegate({ flags: ['--set', 'grpc.sessionLostTime=1s'] })
  try {
    const killed = await short.createClient('killed')
    const connector = await BlueConnector.connect(short, { access_token: killed.token })
    await connector.execute('select range from range(10000000)')
    connector.kill()
    await expect
      .poll(
        async () =>
          (await short.admin('describe sessions')).filter((row) => row.includes('Active')).length,
        {
          timeout: 30_000,
        },
      )
      .toBe(1)
  } finally {
    await short.stop()
  }
})
