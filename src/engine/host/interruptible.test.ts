import { expect, test, vi } from 'vitest'
import { GatewayError } from '../../base/gateway-error.ts'
import { interruptible } from './interruptible.ts'
import { Job, WorkerPool } from './worker-pool.ts'

const interrupted = new GatewayError('cancelled', 'Interrupted!')
const notYet = new AbortController().signal

/** A job that a worker has. */
function runningJob(): Job<'release'> {
  const task = { kind: 'release', results: [], statements: [], connections: [] } as const
  const job = new Job<'release'>(task, { lane: 'fresh' })
  job.state = 'running'
  job.worker = 0
  return job
}

test('a job that is left alone gives its outcome, or its error', async () => {
  const interrupt = vi.fn<() => void>()
  const [good, bad] = [runningJob(), runningJob()]
  good.succeed(null)
  bad.fail(new GatewayError('division_by_zero', 'by zero'))
  expect(await interruptible(new WorkerPool(), good, notYet, interrupt)).toBeNull()
  await expect(interruptible(new WorkerPool(), bad, notYet, interrupt)).rejects.toMatchObject({
    kind: 'division_by_zero',
  })
  expect(interrupt).not.toHaveBeenCalled()
})

test('a job that is to stop is interrupted, and cancelled whatever it says', async () => {
  const interrupt = vi.fn<() => void>()
  const job = runningJob()
  const aborter = new AbortController()
  const done = interruptible(new WorkerPool(), job, aborter.signal, interrupt)
  aborter.abort()
  expect(interrupt).toHaveBeenCalledOnce()
  job.fail(new GatewayError('data_exception', 'half a row'))
  await expect(done).rejects.toMatchObject({ kind: 'cancelled' })
})

test('an interrupt that nobody sent is a failure of the statement, not the end by a user', async () => {
  const job = runningJob()
  job.fail(interrupted)
  await expect(interruptible(new WorkerPool(), job, notYet, () => undefined)).rejects.toMatchObject(
    { kind: 'data_exception', cause: interrupted },
  )
})

test('a job that nobody had begun stays withdrawn', async () => {
  const pool = new WorkerPool()
  const task = { kind: 'release', results: [], statements: [], connections: [] } as const
  const job = pool.submit<'release'>(task, { lane: 'fresh' })
  const done = interruptible(pool, job, notYet, () => undefined)
  pool.withdraw(job)
  await expect(done).rejects.toMatchObject({ kind: 'cancelled' })
})
