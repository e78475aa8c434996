import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { present } from '../base/assert.ts'
import { lockDataDirectory } from './data-directory-lock.ts'

let directory: string
let holders: ChildProcess[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bluegate-lock-'))
  holders = []
})

afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL')
  await rm(directory, { recursive: true })
})

/** Another process that locks the directory and then does nothing. */
async function otherHolder(): Promise<ChildProcess> {
  const lock = new URL('./data-directory-lock.ts', import.meta.url).href
  const script = `
    import { lockDataDirectory } from ${JSON.stringify(lock)}
    await lockDataDirectory(process.argv[1])
    console.log('locked')
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  holders.push(holder)
  await once(present(holder.stdout, 'stdout is piped'), 'data')
  return holder
}

test('a second gateway is refused and told who holds the directory', async () => {
  const holder = await otherHolder()
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({
    kind: 'object_in_use',
    message: expect.stringMatching(
      new RegExp(`in use by another gateway: process ${holder.pid} on .+, since \\d{4}-`),
    ),
    hint: expect.stringContaining('--data-dir'),
  })
})

test('the lock of a process that was killed is free at once', async () => {
  const holder = await otherHolder()
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  const lock = await lockDataDirectory(directory)
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({ kind: 'object_in_use' })
  await lock.release()
})

test('a lock that was released can be taken again, in the same process too', async () => {
  const first = await lockDataDirectory(directory)
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({ kind: 'object_in_use' })
  await first.release()
  await (await lockDataDirectory(directory)).release()
})

test('a missing directory is made, for its owner alone', async () => {
  const missing = join(directory, 'a', 'b')
  const lock = await lockDataDirectory(missing)
  expect((await stat(missing)).mode & 0o777).toBe(0o700)
  await lock.release()
})
