import { expect, test, vi } from 'vitest'
import { SMALL_DEFINITIONS } from '../../test/fixtures/definitions.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { EngineSession } from '../engine/engine.ts'
import type { Authority } from '../identity/authority.ts'
import type { Permit, PermittedAction } from '../identity/permit.ts'
import type { Requirement } from '../identity/permission.ts'
import { Session } from '../session/session.ts'
import type { SessionSettings } from '../session/session-settings.ts'
import { Transaction } from './transaction.ts'

const INSERT_ON_T: Requirement = {
  permission: 'INSERT',
  object: { kind: 'table', databaseId: 'd', schemaId: 's', tableId: 't' },
  name: 'master.public.t',
}

function permitFor(action: PermittedAction): Permit {
  return {
    action,
    requires: [INSERT_ON_T],
    text: '',
    catalogVersion: 1,
    files: [],
    further: [],
  } as unknown as Permit
}

function setup() {
  const done: string[] = []
  const rights = { held: true, cutOff: undefined as GatewayError | undefined }
  const forgotten: string[] = []
  const underWay: Promise<unknown>[] = []
  const settings = {
    defaultReadOnly: false,
    beginTransaction: () => done.push('settings begin'),
    endTransaction: (outcome: string) => done.push(`settings ${outcome}`),
  } as unknown as SessionSettings
  const session = new Session({
    id: 's1',
    principal: { kind: 'client', clientId: 'c', clientName: 'bi', tokenId: 't', roleId: 'r' },
    origin: { door: 'postgres', address: '127.0.0.1', tool: 'test', tlsVersion: undefined },
    settings,
    startedAt: new Date(),
  })
  const engine = {
    begin: async (isolation: string) => void done.push(`begin ${isolation}`),
    commit: vi.fn<EngineSession['commit']>(async () => {
      done.push('commit')
      return 'committed'
    }),
    rollback: async () => void done.push('rollback'),
    readDefinitions: async () => SMALL_DEFINITIONS,
  }
  const identity = {
    authority: () => ({ covers: () => rights.held }) as unknown as Authority,
    cutOff: () => rights.cutOff,
    underWay: <T>(work: Promise<T>) => {
      underWay.push(work)
      return work
    },
    forgetObjects: async (ids: ReadonlySet<string>) => void forgotten.push(...ids),
  }
  const transaction = new Transaction(session, engine as unknown as EngineSession, identity)
  return { transaction, session, engine, rights, done, forgotten, underWay }
}

const CREATE: PermittedAction = {
  kind: 'define',
  tag: 'CREATE TABLE',
  database: 'master',
  registers: [{ id: 'new-id', kind: 'table', schema: 'public', name: 'new' }],
  unregisters: ['old-id'],
  countsRows: false,
}

test('a commit is under way from the turn in which its rights were looked at', async () => {
  const { transaction, engine, underWay } = setup()
  await transaction.beforeWrite('INSERT')
  const committing = transaction.commit()
  expect(underWay).toEqual([engine.commit.mock.results[0]?.value])
  await committing
})

test('a write outside BEGIN opens an implicit transaction once, and commits it while its rights hold', async () => {
  const { transaction, done } = setup()
  await transaction.beforeWrite('INSERT')
  await transaction.afterStatement(permitFor({ kind: 'write', tag: 'INSERT' }))
  await transaction.beforeWrite('INSERT')
  expect(await transaction.commit()).toBe('committed')
  expect(done).toEqual(['begin read committed', 'commit'])
  expect(transaction.kind).toBe('none')
})

test('what was written with a right that is gone by the commit is rolled back', async () => {
  const { transaction, rights, done } = setup()
  await transaction.beforeWrite('INSERT')
  await transaction.afterStatement(permitFor({ kind: 'write', tag: 'INSERT' }))
  rights.held = false
  await expect(transaction.commit()).rejects.toMatchObject({ kind: 'insufficient_privilege' })
  expect(done).toEqual(['begin read committed', 'rollback'])
})

test('nothing of a client that was cut off commits, even when its rights would still hold', async () => {
  const { transaction, rights, done, session } = setup()
  await transaction.begin('read committed', false)
  rights.cutOff = new GatewayError('admin_shutdown', 'cut off')
  await expect(transaction.commit()).rejects.toBe(rights.cutOff)
  expect(done).toContain('rollback')
  expect(session.transactionStatus).toBe('idle')
})

test('a read-only transaction refuses writes and remains usable; a read-write one takes them', async () => {
  const { transaction } = setup()
  await transaction.begin('read committed', true)
  await expect(transaction.beforeWrite('INSERT')).rejects.toMatchObject({
    kind: 'read_only_transaction',
  })
  await transaction.rollback()
  await transaction.begin('read committed', false)
  await transaction.beforeWrite('INSERT')
})

test('a transaction sees its own definitions; grants on what it dropped go with the commit', async () => {
  const { transaction, forgotten } = setup()
  await transaction.begin('read committed', false)
  expect(transaction.overlay).toBeUndefined()
  await transaction.afterStatement(permitFor(CREATE))
  expect(transaction.overlay?.table('master', 'public', 'flights')).toBeDefined()
  await transaction.commit()
  expect(transaction.overlay).toBeUndefined()
  expect(forgotten).toEqual(['old-id'])
})

test('grants on what a rolled-back transaction created go with it', async () => {
  const { transaction, forgotten } = setup()
  await transaction.begin('read committed', false)
  await transaction.afterStatement(permitFor(CREATE))
  await transaction.rollback()
  expect(forgotten).toEqual(['new-id'])
})

test('a commit that the engine cannot answer leaves no transaction, and forgets nothing', async () => {
  const { transaction, engine, forgotten } = setup()
  await transaction.begin('read committed', false)
  await transaction.afterStatement(permitFor(CREATE))
  engine.commit.mockRejectedValueOnce(new GatewayError('crash_shutdown', 'the engine restarted'))
  await expect(transaction.commit()).rejects.toMatchObject({ kind: 'crash_shutdown' })
  expect(transaction.kind).toBe('none')
  expect(forgotten).toEqual([])
})

test('SET TRANSACTION changes the level before the first statement, and is refused after it', async () => {
  const { transaction, done } = setup()
  await transaction.begin('read committed', false)
  await transaction.changeModes('serializable', undefined)
  expect(done).toEqual(expect.arrayContaining(['rollback', 'begin serializable']))
  transaction.beforeStatement()
  await expect(transaction.changeModes('read committed', undefined)).rejects.toMatchObject({
    kind: 'active_transaction',
  })
})
