import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../base/log.ts'
import { consoleSessionStoreContract } from '../identity/console-session-store-contract.ts'
import { identityStoreContract } from '../identity/identity-store-contract.ts'
import type { RoleRow, UserRow } from '../identity/identity-store.ts'
import { openMetadata } from './open-metadata.ts'
import type { Metadata } from './open-metadata.ts'
import { SqliteThread } from './sqlite/sqlite-thread.ts'

let file: string
let opened: Metadata[]

beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'bluegate-metadata-')), 'metadata.db')
  opened = []
})

afterEach(async () => {
  for (const metadata of opened) await metadata.close()
  await rm(join(file, '..'), { recursive: true })
})

async function open(): Promise<Metadata> {
  const metadata = await openMetadata({ file, log: silentLog })
  opened.push(metadata)
  return metadata
}

describe('the store over SQLite keeps the contract:', () => {
  identityStoreContract(async () => ({
    store: (await open()).identityStore,
    reopen: async () => {
      await opened.pop()?.close()
      return (await open()).identityStore
    },
  }))
})

describe('console sessions over SQLite keep the contract:', () => {
  consoleSessionStoreContract(async () => {
    const { identityStore, consoleSessionStore } = await open()
    await identityStore.commit(0, [
      { kind: 'put_role', role: ROLE },
      ...['u1', 'u2'].map((id) => ({ kind: 'put_user', user: userOf(id) }) as const),
    ])
    return {
      store: consoleSessionStore,
      reopen: async () => {
        await opened.pop()?.close()
        return (await open()).consoleSessionStore
      },
    }
  })
})

const ROLE: RoleRow = {
  id: 'r1',
  number: 2,
  name: 'admins',
  builtIn: false,
  login: true,
  superuser: false,
  clusterAdmin: true,
}

function userOf(id: string): UserRow {
  return {
    id,
    name: id,
    roleId: ROLE.id,
    enabled: true,
    passwordHash: undefined,
    createdAt: '2026-01-01T00:00:00.000Z',
    lastSignInAt: undefined,
  }
}

test('the schema after all migrations is the one written down', async () => {
  await (await open()).close()
  opened = []
  const thread = await SqliteThread.open(file)
  const { rows } = await thread.query(
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name`,
  )
  await thread.close()
  const schema = rows.map((row) => `${row['sql'] as string};\n`).join('\n')
  await expect(schema).toMatchFileSnapshot('./metadata-schema.sql')
})

test('only its owner can read the file and its log', async () => {
  await open()
  for (const name of [file, `${file}-wal`]) {
    expect(((await stat(name)).mode & 0o777).toString(8)).toBe('600')
  }
})

test('a file that is no database is refused, with a way out', async () => {
  await writeFile(file, 'this is not a database, however long one looks at it'.repeat(100))
  await expect(open()).rejects.toMatchObject({ kind: 'io_error', hint: expect.any(String) })
})

test('a file from a newer gateway is refused, and opens again with its own', async () => {
  await (await open()).close()
  opened = []
  const thread = await SqliteThread.open(file)
  await thread.query(`INSERT INTO migration VALUES (9999, '9999-later.sql', '', '')`)
  await thread.close()
  await expect(open()).rejects.toMatchObject({ kind: 'object_not_in_prerequisite_state' })
  const again = await SqliteThread.open(file)
  await again.query('DELETE FROM migration WHERE number = 9999')
  await again.close()
  expect(await (await open()).identityStore.load()).toMatchObject({ version: 0 })
})

test('bytes that follow a torn write in the log do no harm', async () => {
  const metadata = await open()
  await metadata.identityStore.commit(0, [{ kind: 'set_property', name: 'keyCheck', value: 'x' }])
  await appendFile(`${file}-wal`, Buffer.alloc(5000, 7)) // as a crash in mid-write leaves them
  await metadata.close()
  opened = []
  expect(await (await open()).identityStore.load()).toMatchObject({ properties: { keyCheck: 'x' } })
})
