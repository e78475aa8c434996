/** Starts a thread of the host; none ever ends before the process. */
import { Worker } from 'node:worker_threads'

/**
 * @param file       Plain JavaScript.
 * @param heapMibMax Of JavaScript's heap; rows and the engine's memory are not in it.
 * @param onEnd      It ended all the same.
 * @returns when it is up, which it says in its first message.
 */
export async function startThread(
  file: URL,
  heapMibMax: number,
  workerData: unknown,
  onEnd: (how: string) => void,
): Promise<Worker> {
  const worker = new Worker(file, {
    workerData,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMibMax },
  })
  worker.on('error', (error) => onEnd(`a worker failed: ${String(error)}`))
  worker.on('exit', (code) => onEnd(`a worker ended with code ${code}`))
  await new Promise<void>((resolve) => worker.once('message', () => resolve()))
  return worker
}
