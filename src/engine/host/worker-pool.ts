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
import { RecentMap } from './recent-map.ts'
import type { Outcomes, Report, Task, TaskKind, TaskOf } from './task.ts'

export type Lane = 'gate' | 'fresh' | 'long'

/** In the order in which a free worker looks at them. */
const LANES: readonly Lane[] = ['gate', 'fresh', 'long']

/** Workers that the other lanes leave alone. */
const RESERVED: Readonly<Record<Lane, number>> = { gate: 1, fresh: 2, long: 1 }

/**
 * A `fresh` job that keeps its worker this long is a long one. (Statements give their worker back
 * after a slice, but the engine does not slice everything: a join without a key runs on for seconds.)
 */
const OVERRUN_MS = 100

/**
 * A text that took this much of its thread in one piece is expected to do so again. Not counted by
 * the clock: on a busy machine everything takes long.
 */
const LONG_CPU_MS = 250
const LONG_TEXTS_MAX = 1000

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
  /** Of a statement: a `fresh` one that is known to take long goes into the lane `long`. */
  readonly text?: string
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
  /** Where it waits, or runs. */
  lane: Lane
  startedAt = 0
  overran = false
  /** The worker that has it, or had it. */
  worker: number | undefined
  #resolve: (outcome: Outcomes[K]) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(task: TaskOf<K>, options: JobOptions) {
    this.task = task
    this.options = options
    this.lane = options.lane
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
  /** The one that was busy last comes last: it is the quickest to wake. */
  readonly #idle: number[] = []
  readonly #running = new Map<number, AnyJob>()
  readonly #runningIn: Record<Lane, number> = { gate: 0, fresh: 0, long: 0 }
  readonly #waiting: Record<Lane, AnyJob[]> = { gate: [], fresh: [], long: [] }
  /** How many running jobs of a text have overrun. */
  readonly #overrunning = new Map<string, number>()
  readonly #longTexts = new RecentMap<string, true>(LONG_TEXTS_MAX)
  #overrunTimer: NodeJS.Timeout | undefined

  /** @returns the worker's index, for its reports. */
  add(worker: PoolWorker): number {
    const index = this.#workers.push(worker) - 1
    this.#idle.push(index)
    return index
  }

  submit<K extends TaskKind>(task: TaskOf<K>, options: JobOptions): Job<K> {
    const job = new Job<K>(task, options)
    job.lane = this.#laneFor(options)
    this.#waiting[job.lane].push(job as unknown as AnyJob)
    this.kick()
    return job
  }

  /** Takes a job that no worker has yet out of the line; it fails with `cancelled`. */
  withdraw<K extends TaskKind>(job: Job<K>): void {
    if (job.state !== 'waiting') return
    const line = this.#waiting[job.lane]
    line.splice(line.indexOf(job as unknown as AnyJob), 1)
    job.fail(new GatewayError('cancelled', 'the statement was cancelled'))
  }

  onReport(index: number, report: Report): void {
    const job = this.#running.get(index)
    if (!job) throw new Error(`worker ${index} reported without a task`)
    this.#running.delete(index)
    this.#runningIn[job.lane] -= 1
    this.#idle.push(index)
    this.#learn(job, report.cpuMs)
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
    return this.#idle.length > kept
  }

  #workerFor({ options }: AnyJob): number | undefined {
    const { pinned, preferred, binding } = options
    if (binding && !binding.mayBegin()) return undefined
    if (pinned !== undefined) return this.#idle.includes(pinned) ? pinned : undefined
    if (preferred !== undefined && this.#idle.includes(preferred)) return preferred
    return this.#idle.at(-1)
  }

  #start(index: number, job: AnyJob): void {
    const { binding } = job.options
    try {
      binding?.begin()
    } catch (error) {
      job.fail(error)
      return
    }
    this.#idle.splice(this.#idle.indexOf(index), 1)
    this.#running.set(index, job)
    this.#runningIn[job.lane] += 1
    job.state = 'running'
    job.startedAt = performance.now()
    job.worker = index
    if (job.lane === 'fresh') this.#overrunTimer ??= setInterval(() => this.#look(), OVERRUN_MS / 2)
    this.#workers[index]?.assign(job.task, binding !== undefined)
  }

  /** Jobs that have overrun count as long from here on, and their like that wait do, too. */
  #look(): void {
    const overrun = performance.now() - OVERRUN_MS
    for (const job of this.#running.values()) {
      if (job.lane !== 'fresh' || job.startedAt > overrun) continue
      job.lane = 'long'
      job.overran = true
      this.#runningIn.fresh -= 1
      this.#runningIn.long += 1
      const { text } = job.options
      if (text !== undefined) this.#overrunning.set(text, (this.#overrunning.get(text) ?? 0) + 1)
    }
    if (this.#runningIn.fresh === 0) {
      clearInterval(this.#overrunTimer)
      this.#overrunTimer = undefined
    }
    this.#sortWaiting()
    this.kick()
  }

  /** Its like runs over just now, or took long the last time. */
  #isLong(text: string | undefined): boolean {
    if (text === undefined) return false
    return this.#overrunning.has(text) || this.#longTexts.get(text) === true
  }

  #sortWaiting(): void {
    const { fresh, long } = this.#waiting
    for (const job of [...fresh.splice(0), ...long.splice(0)]) {
      job.lane = this.#laneFor(job.options)
      this.#waiting[job.lane].push(job)
    }
  }

  #laneFor({ lane, text }: JobOptions): Lane {
    return lane === 'fresh' && this.#isLong(text) ? 'long' : lane
  }

  /** What a text's next run is to be expected to take. */
  #learn(job: AnyJob, cpuMs: number): void {
    const { text, lane } = job.options
    if (text === undefined || lane !== 'fresh') return
    if (cpuMs > LONG_CPU_MS) this.#longTexts.set(text, true)
    else this.#longTexts.delete(text)
    if (!job.overran) return
    const others = (this.#overrunning.get(text) ?? 1) - 1
    if (others > 0) this.#overrunning.set(text, others)
    else this.#overrunning.delete(text)
    this.#sortWaiting()
  }
}
