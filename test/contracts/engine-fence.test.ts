/**
 * The layers around the engine's process: what they refuse to code that runs in it, tried by such
 * code, and that the engine can do all it must inside them. Of layers that the system does not
 * offer the tests are skipped; that they are told of is tested all the same.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { present } from '../../src/base/assert.ts'
import { silentLog } from '../../src/base/log.ts'
import { startEngine } from '../../src/engine/client/start-engine.ts'
import type { EngineFence } from '../../src/engine/client/start-engine.ts'
import { drain } from '../../src/engine/engine-contract-harness.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { LAYER_NAMES } from '../../src/engine/layers.ts'
import type { LayerName } from '../../src/engine/layers.ts'
import { runProbe } from '../fixtures/fence/run-probe.ts'
import type { ProbeOutcome } from '../fixtures/fence/run-probe.ts'
import { testPermit } from '../fixtures/test-permit.ts'

const MIB = 1024 ** 2
const IS_LINUX = process.platform === 'linux'
const FENCE: EngineFence = { layersRequired: [], layersOff: [], fileBytesMax: 1024 ** 4 }

/** What must fail, by the layer that refuses it, and with what. */
const REFUSED: Partial<Record<LayerName, Readonly<Record<string, readonly string[]>>>> = {
  files: {
    EACCES: [
      'write to a file outside',
      'make a file outside',
      'make a directory outside',
      'remove a file outside',
      'shorten a file outside',
      'read a file outside',
      'list a directory outside',
      'read through a link that leads outside',
      'move its own file outside',
      'plant a link',
      'write to a location',
      'read a list of users',
      'read the environment of the gateway',
    ],
  },
  calls: {
    EPERM: [
      'run a program',
      'signal the gateway',
      'open its rights to others',
      'connect over TCP',
      'connect to a socket file',
      'listen',
      'send a datagram',
    ],
    'errno 1': [
      'start a program',
      'start a program from a descriptor',
      'make a process (clone)',
      'trace the gateway',
      'read the memory of the gateway',
      'mount',
      'a namespace of its own',
      'io_uring',
      'a program in the kernel',
      'become another user',
    ],
  },
  limits: { EFBIG: ['grow a file beyond the limit'] },
}

/** What the engine does all day. */
const ALLOWED = [
  'its own file',
  'its own directory',
  'a file of a location',
  'facts about itself',
  'facts about the machine',
  'a signal to itself',
]

/** What nothing but a layer refuses: without it, it can be done. */
const POSSIBLE_WITHOUT = [
  'write to a file outside',
  'read a file outside',
  'read through a link that leads outside',
  'plant a link',
  'run a program',
  'connect over TCP',
  'connect to a socket file',
  'listen',
  'send a datagram',
  'grow a file beyond the limit',
]

describe.skipIf(!IS_LINUX)('code that runs in the place of the engine', () => {
  let fenced: ProbeOutcome
  let open: ProbeOutcome
  beforeAll(async () => {
    fenced = await runProbe([])
    open = await runProbe([...LAYER_NAMES])
  })

  const attempts = Object.entries(REFUSED).flatMap(([layer, codes]) =>
    Object.entries(codes).flatMap(([code, names]) => names.map((name) => [layer, name, code])),
  )
  test.for(attempts)('%s: it cannot %s', ([layer, name = '', code], { skip }) => {
    const found = present(
      fenced.layers.find((one) => one.name === layer),
      'each is told of',
    )
    if (!found.active) skip(found.about)
    for (const thread of ['main', 'worker'] as const) {
      expect(fenced.results[thread]).toMatchObject({ [name]: code })
    }
  })

  test.each(ALLOWED)('it has %s', (name) => {
    expect(fenced.results.main).toMatchObject({ [name]: 'done' })
    expect(fenced.results.worker).toMatchObject({ [name]: 'done' })
  })

  test.each(POSSIBLE_WITHOUT)('without the layers it can %s', (name) => {
    expect(open.layers.filter(({ active }) => active)).toEqual([])
    expect(open.results.main).toMatchObject({ [name]: 'done' })
  })
})

describe('the engine inside its layers', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'bluegate-fenced-'))
  const location = path.join(directory, 'location')
  let engine: Engine

  beforeAll(async () => {
    mkdirSync(location)
    writeFileSync(path.join(location, 'file.csv'), 'a\n1\n2\n')
    engine = await startIn('engine', FENCE)
  })

  afterAll(async () => {
    await engine?.stop()
    rmSync(directory, { recursive: true })
  })

  async function startIn(name: string, fence: EngineFence): Promise<Engine> {
    return await startEngine({
      dataDirectory: path.join(directory, name),
      tempDirectory: path.join(directory, `${name}-temp`),
      allowedDirectories: [location],
      limits: {
        memoryBytes: 256 * MIB,
        threads: 2,
        workers: 5,
        killAfterMs: 10_000,
        spoolBytesMax: 64 * MIB,
      },
      fence,
      log: silentLog,
    })
  }

  /** As if the gate had let it through. */
  async function run(text: string, on: Engine = engine): Promise<unknown> {
    const session = await on.openSession()
    try {
      const permit = testPermit(text, on.catalogVersion)
      const options = { parameters: [], format: { kind: 'json_lines' }, rowsMax: 0 } as const
      return (await drain(await session.run(permit, options, new AbortController().signal))).rows
    } finally {
      await session.close()
    }
  }

  const isActive = (name: LayerName): boolean =>
    engine.layers.some((layer) => layer.name === name && layer.active)

  test('every layer is told of, with what it is about or why it is missing', () => {
    expect(engine.layers.map(({ name }) => name)).toEqual(LAYER_NAMES)
    for (const { about } of engine.layers) expect(about).not.toBe('')
  })

  test('reads its locations, and cannot write to them', async ({ skip }) => {
    expect(await run(`FROM read_csv('${location}/file.csv')`)).toEqual([['1'], ['2']])
    if (!isActive('files')) skip('no rules of files here')
    await expect(run(`COPY (SELECT 1) TO '${location}/made.csv'`)).rejects.toThrow(
      'Permission denied',
    )
    expect(readdirSync(location)).toEqual(['file.csv'])
  })

  test('writes where its data is, and sorts on disk what does not fit into memory', async () => {
    await run(`COPY (SELECT 1 AS a) TO '${directory}/engine/databases/made.csv'`)
    expect(await run(`FROM read_csv('${directory}/engine/databases/made.csv')`)).toEqual([['1']])
    const sorted = 'SELECT md5(i::VARCHAR) AS m FROM range(5000000) r(i) ORDER BY m OFFSET 4999999'
    expect(await run(sorted)).toEqual([[expect.stringMatching(/^fffff/)]])
  })

  test.skipIf(!IS_LINUX)('each of its threads is inside', ({ skip }) => {
    const tasks = `/proc/${present(engine.hostPid, 'it runs')}/task`
    const statuses = readdirSync(tasks).map((task) =>
      readFileSync(`${tasks}/${task}/status`, 'utf8'),
    )
    expect(statuses.length).toBeGreaterThan(5)
    for (const status of statuses) expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    if (!isActive('calls')) skip('no filter of calls here')
    for (const status of statuses) expect(status).toMatch(/^Seccomp:\t2$/m)
  })

  test.skipIf(!IS_LINUX)('its limits are in force', () => {
    const limits = readFileSync(`/proc/${present(engine.hostPid, 'it runs')}/limits`, 'utf8')
    expect(limits).toMatch(/^Max core file size +0 +0 /m)
    expect(limits).toMatch(/^Max file size +1099511627776 +1099511627776 /m)
    expect(limits).toMatch(/^Max address space +\d+ +\d+ /m)
  })

  test.skipIf(!IS_LINUX)(
    'a file that outgrows its limit is an error of its statement',
    async () => {
      const small = await startIn('small', { ...FENCE, fileBytesMax: 64 * MIB })
      const generation = small.generation
      try {
        const copy = `COPY (SELECT repeat('x', 1000) FROM range(200000))
        TO '${directory}/small/databases/large.csv'`
        await expect(run(copy, small)).rejects.toMatchObject({ kind: 'io_error' })
        expect(await run('SELECT 42', small)).toEqual([[42]])
        expect(small.generation).toBe(generation)
      } finally {
        await small.stop()
      }
    },
  )

  test('a layer that is required and missing keeps it from starting, with its name', async () => {
    const fence = { ...FENCE, layersOff: ['files', 'calls'], layersRequired: ['files'] } as const
    await expect(startIn('refused', fence)).rejects.toThrow(
      'the engine may not run without: files (switched off (engine.layersOff))',
    )
    const other = await startIn('refused', { ...fence, layersRequired: ['limits'] })
    expect(await run('SELECT 42', other)).toEqual([[42]])
    await other.stop()
  })
})
