import { expect, test } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import type { Task } from './task.ts'
import { WorkerPool, type Binding, type JobOptions, type Lane } from './worker-pool.ts'

/** Five workers that do nothing until they are told to report. */
function fivePool() {
  const pool = new WorkerPool()
  const assigned: { worker: number; task: Task }[] = []
  for (let worker = 0; worker < 5; worker += 1) {
    pool.add({ assign: (task) => void assigned.push({ worker, task }) })
  }
  const submit = (lane: Lane, more: Omit<JobOptions, 'lane'> = {}) => {
    const job = pool.submit<'release'>(
      { kind: 'release', results: [], statements: [], connections: [] },
      { lane, ...more },
    )
    job.done.catch(() => undefined)
    return job
  }
  const finish = (worker: number | undefined) =>
    pool.onReport(worker ?? -1, { outcome: null, cpuMs: 1 })
  return { pool, assigned, submit, finish }
}

test('large results leave a worker to the gate and two to statements that begin', () => {
  const { submit, finish } = fivePool()
  const long = Array.from({ length: 4 }, () => submit('long'))
  expect(long.map((job) => job.state)).toEqual(['running', 'running', 'waiting', 'waiting'])
  expect(submit('fresh').state).toBe('running')
  expect(submit('gate').state).toBe('running')
  finish(long[0]?.worker)
  expect(long[2]?.state).toBe('running')
  expect(long[3]?.state).toBe('waiting')
})

test('many small statements leave a worker to large results and one to the gate', () => {
  const { submit } = fivePool()
  const fresh = Array.from({ length: 9 }, () => submit('fresh'))
  expect(fresh.filter((job) => job.state === 'running')).toHaveLength(3)
  expect(submit('long').state).toBe('running')
  expect(submit('gate').state).toBe('running')
})

test('a pinned part waits for its worker and lets others pass', () => {
  const { submit, finish } = fivePool()
  const first = submit('long')
  const pinned = submit('long', { pinned: first.worker })
  const other = submit('long')
  expect([pinned.state, other.state]).toEqual(['waiting', 'running'])
  finish(other.worker)
  expect(pinned.state).toBe('waiting')
  finish(first.worker)
  expect(pinned.worker).toBe(first.worker)
})

test('a job that nobody has yet can be withdrawn, one that runs cannot', async () => {
  const { pool, submit } = fivePool()
  const [running, , waiting] = [submit('long'), submit('long'), submit('long')]
  pool.withdraw(running)
  expect(running.state).toBe('running')
  pool.withdraw(waiting)
  await expect(waiting.done).rejects.toMatchObject({ kind: 'cancelled' })
})

test('binding waits while definitions are committed, and is refused when they have moved on', async () => {
  const { pool, submit } = fivePool()
  let open = false
  const late = new GatewayError('serialization_failure', 'stale')
  const ok: Binding = { mayBegin: () => open, begin: () => undefined }
  const stale: Binding = {
    mayBegin: () => open,
    begin: () => {
      throw late
    },
  }
  const waiting = submit('fresh', { binding: ok })
  const refused = submit('fresh', { binding: stale })
  expect(submit('fresh').state).toBe('running')
  expect(waiting.state).toBe('waiting')
  open = true
  pool.kick()
  expect(waiting.state).toBe('running')
  await expect(refused.done).rejects.toBe(late)
})

test('a job that overruns is a long one, and its like wait in the other lane meanwhile', async () => {
  const { submit, finish } = fivePool()
  const slow = [submit('fresh', { text: 'join' }), submit('fresh', { text: 'join' })]
  await new Promise((resolve) => setTimeout(resolve, 200))
  const like = submit('fresh', { text: 'join' })
  expect([slow[0]?.lane, slow[1]?.lane, like.lane]).toEqual(['long', 'long', 'long'])
  expect(like.state).toBe('waiting')
  const small = submit('fresh', { text: 'select 1' })
  expect([small.lane, small.state]).toEqual(['fresh', 'running'])
  // it was not that long after all, and none of it runs any more
  finish(slow[0]?.worker)
  finish(slow[1]?.worker)
  expect(like.state).toBe('running')
  finish(like.worker)
  expect(submit('fresh', { text: 'join' }).lane).toBe('fresh')
})
