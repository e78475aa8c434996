import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { KeyRing } from '../../identity/key-ring.ts'
import { openKeyRing } from './open-key-ring.ts'

let root: string
let directory: string
let file: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bluegate-secrets-'))
  directory = join(root, 'secrets')
  file = join(directory, 'keys.json')
  await mkdir(join(root, 'data'))
})

afterEach(() => rm(root, { recursive: true }))

function open(create = false): Promise<KeyRing> {
  return openKeyRing({ directory, dataDirectory: join(root, 'data'), create })
}

test('the first start makes a key file for its owner alone; the next one reads the same key', async () => {
  const first = await open(true)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  const second = await open()
  expect(second.key('token digest', 1).equals(first.key('token digest', 1))).toBe(true)
  const third = await open(true)
  expect(third.key('token digest', 1).equals(first.key('token digest', 1))).toBe(true)
})

test('each purpose has its own key', async () => {
  const ring = await open(true)
  const keys = (['token digest', 'token sealing', 'key check', 'audit chain'] as const).map(
    (purpose) => ring.key(purpose, 1).export().toString('hex'),
  )
  expect(new Set(keys).size).toBe(keys.length)
  expect(await readFile(file, 'utf8')).not.toContain(keys[0])
})

test.each([0o640, 0o604, 0o620])(
  'a key file with mode %o is refused with the chmod to type',
  async (mode) => {
    await open(true)
    await chmod(file, mode)
    await expect(open()).rejects.toMatchObject({ hint: `Type: chmod 600 ${file}` })
    await chmod(file, 0o600)
    await open()
  },
)

test('a secrets directory that others can enter is refused', async () => {
  await open(true)
  await chmod(directory, 0o755)
  await expect(open()).rejects.toMatchObject({ hint: `Type: chmod 700 ${directory}` })
})

test('a secrets directory inside the data directory is refused, by a symbolic link too', async () => {
  await mkdir(join(root, 'data', 'secrets'), { mode: 0o700 })
  await symlink(join(root, 'data', 'secrets'), directory)
  await expect(open(true)).rejects.toMatchObject({
    message: expect.stringContaining('inside the data directory'),
  })
})

test('a key file that is a symbolic link is refused', async () => {
  await open(true)
  const elsewhere = join(root, 'elsewhere.json')
  await writeFile(elsewhere, await readFile(file), { mode: 0o600 })
  await rm(file)
  await symlink(elsewhere, file)
  await expect(open()).rejects.toMatchObject({ message: `${file} is not a file` })
})

test('a missing key file is not replaced where there is data already', async () => {
  await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('is missing') })
  await mkdir(directory, { mode: 0o700 })
  await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('is missing') })
})

test.each([
  '',
  '{}',
  '{"current":1,"keys":[{"id":1,"key":"c2hvcnQ="}]}',
  '{"current":2,"keys":[]}',
])('a damaged key file is refused: %s', async (text) => {
  await open(true)
  await writeFile(file, text)
  await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('damaged') })
})
