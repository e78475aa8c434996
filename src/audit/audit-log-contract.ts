/**
 * What every `AuditLog` must do. An implementation's test calls it with a way to open an empty one;
 * the one who opens also stops it.
 */
import { expect, test } from 'vitest'
import type { AuditEvent, AuditRecord } from './audit-event.ts'
import type { AuditFilter, AuditLog } from './audit-log.ts'

export function auditEvent(change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    category: 'SELECT',
    action: 'statement',
    outcome: 'succeeded',
    username: 'tableau',
    address: '203.0.113.7',
    door: 'postgres',
    initiatedBy: 'External',
    startedAt: '2026-01-02T03:04:05.678Z',
    ...change,
  }
}

export async function found(log: AuditLog, filter: AuditFilter = {}): Promise<AuditRecord[]> {
  const records: AuditRecord[] = []
  for await (const record of log.search(filter)) records.push(record)
  return records
}

/** Of the three events below: what each filter finds, newest first. */
const FILTERS: readonly (readonly [AuditFilter, number[]])[] = [
  [{}, [3, 2, 1]],
  [{ usernames: ['b'] }, [2]],
  [{ usernames: [] }, []],
  [{ sessionIds: ['s1', 's2'] }, [2, 1]],
  [{ queryIds: [1, 3] }, [3, 1]],
  [{ outcomes: ['failed'] }, [2]],
  [{ statuses: ['execution_succeed'] }, [1]],
  [{ statuses: ['Closed', 'EXECUTION_FAILED'] }, [3, 2]],
  [{ categories: ['SESSION'] }, [3]],
  [{ actions: ['statement'] }, [2, 1]],
  [{ initiatedBy: ['CLI'] }, [2]],
  [{ detailsLike: '%FROM flights%' }, [1]],
  [{ detailsLike: 'select _ %' }, [2, 1]],
  [{ detailsLike: '' }, [3]],
  [{ errorLike: '%table%' }, [2]],
  [{ from: '2000-01-01T00:00:00Z' }, [3, 2, 1]],
  [{ to: '2000-01-01T00:00:00Z' }, []],
  [{ from: '2999-01-01' }, []],
  [{ to: '2999-01-01', usernames: ['a'], outcomes: ['succeeded'] }, [3, 1]],
  [{ usernames: ['a'], outcomes: ['failed'] }, []],
]

export function auditLogContract(open: () => Promise<AuditLog>): void {
  recordsEverything(open)
  findsWhatIsAskedFor(open)
}

function recordsEverything(open: () => Promise<AuditLog>): void {
  test('an event is found as it was recorded, with its sequence and its time', async () => {
    const log = await open()
    const event = auditEvent({
      clientId: 'c',
      tokenId: 'abcdefghijkl',
      roleName: 'bi',
      sessionId: 's',
      queryId: 3,
      clientVersion: 'psql "16"\u0000\uD800',
      details: `select 'é\n\r\u2028"' -- ${'x'.repeat(5000)}`,
      error: 'undefined_table: …',
      objects: ['SELECT on master.public.flights(a, b)'],
      rows: 12,
      bytes: 3.4e10,
      durationMs: 0.123,
    })
    await log.append(event, 'flushed')
    const [record] = await found(log)
    const { sequence, time, ...rest } = record ?? {}
    expect(rest).toEqual(event)
    expect({ sequence, age: Date.now() - Date.parse(time ?? '') < 60_000 }).toEqual({
      sequence: 1,
      age: true,
    })
  })

  test('sequences have no gap, in the order of the calls, whatever the durability', async () => {
    const log = await open()
    const appends = Array.from({ length: 500 }, (_, i) =>
      log.append(auditEvent({ queryId: i }), i % 3 === 0 ? 'flushed' : 'written'),
    )
    await Promise.all(appends)
    const records = (await found(log)).toReversed()
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, i) => i + 1))
    expect(records.map(({ queryId }) => queryId)).toEqual(records.map((_, i) => i))
    expect(await log.verify()).toMatchObject({ ok: true, records: 500 })
  })

  test('who listens is told of each record as it is found later, in order, and no more after leaving', async () => {
    const log = await open()
    const told: AuditRecord[] = []
    await log.append(auditEvent({ queryId: 1 }), 'written')
    const stop = log.appended.on((record) => told.push(record))
    await Promise.all(
      [2, 3, 4].map((queryId) =>
        log.append(auditEvent({ queryId }), queryId === 3 ? 'flushed' : 'written'),
      ),
    )
    stop()
    await log.append(auditEvent({ queryId: 5 }), 'written')
    expect(told).toEqual((await found(log)).toReversed().slice(1, 4))
    expect(told.map(({ sequence, queryId }) => [sequence, queryId])).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ])
  })

  test('what is changed after the call is not changed on record', async () => {
    const log = await open()
    const event = { ...auditEvent(), details: 'as it was' }
    const appended = log.append(event, 'written')
    event.details = 'changed'
    await appended
    expect((await found(log))[0]?.details).toBe('as it was')
  })

  test('after the stop nothing is recorded any more, and the caller is told', async () => {
    const log = await open()
    await log.append(auditEvent(), 'written')
    await log.stop()
    await expect(log.append(auditEvent(), 'written')).rejects.toMatchObject({
      kind: 'cannot_connect_now',
    })
  })
}

function findsWhatIsAskedFor(open: () => Promise<AuditLog>): void {
  test('the newest comes first, and a limit counts what was found', async () => {
    const log = await open()
    for (let i = 1; i <= 30; i += 1) {
      await log.append(auditEvent({ queryId: i, username: i % 2 ? 'odd' : 'even' }), 'written')
    }
    const odd = await found(log, { usernames: ['odd'], limit: 3 })
    expect(odd.map(({ queryId }) => queryId)).toEqual([29, 27, 25])
    expect(await found(log, { limit: 0 })).toEqual([])
    expect(await found(log, { usernames: ['odd', 'even'] })).toHaveLength(30)
  })

  test('each filter finds what it asks for, and all of them together what all ask for', async () => {
    const log = await open()
    const events = [
      auditEvent({ queryId: 1, username: 'a', sessionId: 's1', details: 'select a FROM flights' }),
      auditEvent({
        queryId: 2,
        username: 'b',
        sessionId: 's2',
        outcome: 'failed',
        initiatedBy: 'CLI',
        details: 'select 1 from nothing',
        error: 'undefined_table: table "nothing" does not exist',
      }),
      auditEvent({ queryId: 3, username: 'a', category: 'SESSION', action: 'session_end' }),
    ]
    await Promise.all(events.map((event) => log.append(event, 'written')))
    const answers: unknown[] = []
    for (const [filter] of FILTERS) {
      answers.push([filter, (await found(log, filter)).map(({ queryId }) => queryId)])
    }
    expect(answers).toEqual(FILTERS)
  })

  test('a search tells how far back it has read, also where it finds nothing', async () => {
    const log = await open()
    for (let i = 1; i <= 3; i += 1) await log.append(auditEvent({ queryId: i }), 'written')
    const oldest = (await found(log)).at(-1)
    const steps = []
    for await (const step of log.searchSteps({ usernames: ['nobody'] })) steps.push(step)
    expect(steps.flatMap(({ records }) => records)).toEqual([])
    expect(steps.findLast(({ readBackTo }) => readBackTo !== undefined)?.readBackTo).toBe(
      oldest?.time,
    )
    const all = []
    for await (const step of log.searchSteps({})) all.push(...step.records)
    expect(all).toEqual(await found(log))
  })

  test('a search may be left early, and a wrong time is the caller’s mistake', async () => {
    const log = await open()
    for (let i = 1; i <= 3; i += 1) await log.append(auditEvent({ queryId: i }), 'written')
    for await (const record of log.search({})) {
      expect(record.queryId).toBe(3)
      break
    }
    await expect(found(log, { from: 'yesterday' })).rejects.toMatchObject({
      kind: 'invalid_datetime_format',
    })
    expect(await found(log)).toHaveLength(3)
  })
}
