/**
 * The thread that reads the log: searches and proofs, several at a time, each in short steps, so
 * that a proof of a year of records does not keep a search waiting.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../base/assert.ts'
import type { AuditRecord } from '../../audit/audit-event.ts'
import type { AuditVerification } from '../../audit/audit-log.ts'
import { AuditChain } from './audit-chain.ts'
import type {
  AuditReaderData,
  AuditReaderReply,
  AuditReaderRequest,
  AuditTask,
} from './audit-reader-messages.ts'
import { searchSegments } from './search-segments.ts'
import type { SearchStep } from './search-segments.ts'
import { verifySegments } from './verify-segments.ts'

const STEP_MS_MAX = 30
const STEP_RECORDS_MAX = 256
const STEP_BYTES_MAX = 1024 * 1024

type Running = Generator<SearchStep | undefined, AuditVerification | void>

const port = present(parentPort, 'this file is started as a worker')
const { directory, anchorFile, key } = workerData as AuditReaderData
const chain = new AuditChain(key)
const running = new Map<number, Running>()

port.on('message', (request: AuditReaderRequest) => {
  const { id } = request
  try {
    if (request.kind === 'start') running.set(id, start(request.task))
    else if (request.kind === 'close') close(id)
    else port.postMessage(step(id))
  } catch (error) {
    running.delete(id)
    const message = error instanceof Error ? error.message : String(error)
    port.postMessage({ id, kind: 'failed', message } satisfies AuditReaderReply)
  }
})

function start(task: AuditTask): Running {
  return task.kind === 'search'
    ? searchSegments(directory, task.filter)
    : verifySegments(directory, anchorFile, chain)
}

function close(id: number): void {
  running.get(id)?.return(undefined)
  running.delete(id)
}

function step(id: number): AuditReaderReply {
  const task = present(running.get(id), 'a task is stepped between its start and its end')
  const deadline = performance.now() + STEP_MS_MAX
  const records: AuditRecord[] = []
  let bytes = 0
  let readBackTo: string | undefined
  while (records.length < STEP_RECORDS_MAX && bytes < STEP_BYTES_MAX) {
    const { done, value } = task.next()
    if (done === true) {
      running.delete(id)
      return { id, kind: 'done', records, readBackTo, verification: value ?? undefined }
    }
    if (value) readBackTo = value.time
    if (value?.record) {
      records.push(value.record)
      bytes += value.record.details?.length ?? 0
    }
    if (performance.now() > deadline) break
  }
  return { id, kind: 'working', records, readBackTo }
}
