/** Starts a thread of the host; none ever ends before the process. */
import { Worker } from 'node:worker_threads'

/**
 * Of JavaScript's heap in a thread; rows and the engine's memory are not in it. The answer to a question
 * is, as the engine gave it and as it is sent.
 */
const HEAP_MIB_MAX = { 'worker.mjs': 128, 'question-thread.mjs': 512 }

/**
 * @param file  Beside this one: plain JavaScript.
 * @param onEnd It ended all the same.
 * @returns when it is up, which it says in its first message.
 */
export async function startThread(
  file: keyof typeof HEAP_MIB_MAX,
  workerData: unknown,
  onEnd: (how: string) => void,
): Promise<Worker> {
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX[file] },
  })
  worker.on('error', (error) => onEnd(`a worker failed: ${String(error)}`))
  worker.on('exit', (code) => onEnd(`a worker ended with code ${code}`))
  await new Promise<void>((resolve) => worker.once('message', () => resolve()))
  return worker
}
