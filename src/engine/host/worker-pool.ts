/**
 * The workers, and who goes next.
 *
 * Three lanes: `gate` (the gate's introspection), `fresh` (a statement that begins, a commit) and
 * `long` (the next part of a result, and what is known to take its time). Each lane always has a
 * worker that the others cannot take, so that a small statement never waits behind large ones, nor
 * the other way round. In a lane it is first come, first served.
 *
 * A worker is an admission slot: what does not fit waits here, in memory that the gateway's limits
 * on sessions and portals bound.
 */
import { fromErrorRecord, GatewayError } from '../../base/gateway-error.ts'
import type { Outcomes, Report, Task, TaskKind, TaskOf } from './task.ts'

export type Lane = 'gate' | 'fresh' | 'long'

/** In the order in which a free worker looks at them. */
const LANES: readonly Lane[] = ['gate', 'fresh', 'long']

/** Workers that the other lanes leave alone. */
const RESERVED: Readonly<Record<Lane, number>> = { gate: 1, fresh: 2, long: 1 }

/** One for each reserved place, and one over. */
export const WORKERS_MIN = 5

/** A thread as the pool needs it. */
export interface PoolWorker {
  /** Exactly one report follows. */
  assign(task: Task, binds: boolean): void
}

export interface JobOptions {
  readonly lane: Lane
  /** Only this worker will do: it holds a part of the result. */
  readonly pinned?: number | undefined
  /** Rather this worker, when it is free: it knows the result already. */
  readonly preferred?: number | undefined
  /** Present when the task binds names: asked right before a worker gets it. */
  readonly binding?: Binding | undefined
}

export interface Binding {
  /** False: not now; the pool asks again after `kick`. */
  mayBegin(): boolean
  /** Enters the bind lock; @throws GatewayError when the definitions have moved on. */
  begin(): void
}

export class Job<K extends TaskKind> {
  readonly options: JobOptions
  readonly task: TaskOf<K>
  readonly done: Promise<Outcomes[K]>
  state: 'waiting' | 'running' | 'over' = 'waiting'
  /** The worker that has it, or had it. */
  worker: number | undefined
  #resolve: (outcome: Outcomes[K]) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(task: TaskOf<K>, options: JobOptions) {
    this.task = task
    this.options = options
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  succeed(outcome: Outcomes[K]): void {
    this.state = 'over'
    this.#resolve(outcome)
  }

  fail(error: unknown): void {
    this.state = 'over'
    this.#reject(error)
  }
}

type AnyJob = Job<never>

export class WorkerPool {
  readonly #workers: PoolWorker[] = []
  readonly #idle = new Set<number>()
  readonly #running = new Map<number, AnyJob>()
  readonly #runningIn: Record<Lane, number> = { gate: 0, fresh: 0, long: 0 }
  readonly #waiting: Record<Lane, AnyJob[]> = { gate: [], fresh: [], long: [] }

  /** @returns the worker's index, for its reports. */
  add(worker: PoolWorker): number {
    const index = this.#workers.push(worker) - 1
    this.#idle.add(index)
    return index
  }

  submit<K extends TaskKind>(task: TaskOf<K>, options: JobOptions): Job<K> {
    const job = new Job<K>(task, options)
    this.#waiting[options.lane].push(job as unknown as AnyJob)
    this.kick()
    return job
  }

  /** Takes a job that no worker has yet out of the line; it fails with `cancelled`. */
  withdraw<K extends TaskKind>(job: Job<K>): void {
    if (job.state !== 'waiting') return
    const line = this.#waiting[job.options.lane]
    line.splice(line.indexOf(job as unknown as AnyJob), 1)
    job.fail(new GatewayError('cancelled', 'the statement was cancelled'))
  }

  onReport(index: number, report: Report): void {
    const job = this.#running.get(index)
    if (!job) throw new Error(`worker ${index} reported without a task`)
    this.#running.delete(index)
    this.#runningIn[job.options.lane] -= 1
    this.#idle.add(index)
    if ('outcome' in report) job.succeed(report.outcome as never)
    else job.fail(fromErrorRecord(report.error))
    this.kick()
  }

  /** Gives waiting jobs to idle workers, as far as they may have them. */
  kick(): void {
    for (const lane of LANES) {
      const line = this.#waiting[lane]
      for (let at = 0; at < line.length && this.#mayTakeWorker(lane);) {
        const job = line[at]
        const index = job && this.#workerFor(job)
        if (!job || index === undefined) {
          at += 1
          continue
        }
        line.splice(at, 1)
        this.#start(index, job)
      }
    }
  }

  #mayTakeWorker(lane: Lane): boolean {
    let kept = 0
    for (const other of LANES) {
      if (other !== lane) kept += Math.max(0, RESERVED[other] - this.#runningIn[other])
    }
    return this.#idle.size > kept
  }

  #workerFor({ options }: AnyJob): number | undefined {
    const { pinned, preferred, binding } = options
    if (binding && !binding.mayBegin()) return undefined
    if (pinned !== undefined) return this.#idle.has(pinned) ? pinned : undefined
    if (preferred !== undefined && this.#idle.has(preferred)) return preferred
    for (const index of this.#idle) return index
    return undefined
  }

  #start(index: number, job: AnyJob): void {
    const { binding, lane } = job.options
    try {
      binding?.begin()
    } catch (error) {
      job.fail(error)
      return
    }
    this.#idle.delete(index)
    this.#running.set(index, job)
    this.#runningIn[lane] += 1
    job.state = 'running'
    job.worker = index
    this.#workers[index]?.assign(job.task, binding !== undefined)
  }
}
