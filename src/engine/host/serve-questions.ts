/** The side of its thread of `question-thread.ts`: takes a question off the socket, answers it there. */
import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../base/assert.ts'
import { toErrorRecord, toGatewayError } from '../../base/gateway-error.ts'
import { FrameSplitter } from '../wire/frame-splitter.ts'
import { decodeGatewayFrame, encodeHostFrame, FrameError } from '../wire/frame.ts'
import type { GatewayFrame } from '../wire/frame.ts'
import { isQuestion } from '../wire/request.ts'
import type { Reply } from '../wire/request.ts'
import { performTask } from './perform-task.ts'
import { beginTurn, endTurn } from './question-turn.ts'
import type { OwnConnection, QuestionThreadStart, TaskResult } from './task.ts'
import { toIntrospect } from './to-introspect.ts'
import { WorkerTasks } from './worker-tasks.ts'

const SOCKET = 4

/** Reads from the socket once it has its connection. What is no question ends the process. */
export function serveQuestions(): void {
  const port = present(parentPort, 'a worker has a port')
  const { turn } = workerData as QuestionThreadStart
  const tasks = new WorkerTasks()

  port.once('message', (connection: OwnConnection) => {
    tasks.useConnection(connection)
    const socket = new Socket({ fd: SOCKET })
    const splitter = new FrameSplitter()
    socket.on('data', (chunk: Buffer) =>
      splitter.push(chunk, (raw) => answer(decodeGatewayFrame(raw))),
    )

    function answer(frame: GatewayFrame): void {
      if (frame.kind !== 'request' || !isQuestion(frame.request)) {
        throw new FrameError('what came is no question')
      }
      const { id, request } = frame
      if (!beginTurn(turn, id)) return
      const ask = toIntrospect(request)
      const result = performTask(
        tasks,
        { kind: 'introspect', connection: undefined, ask },
        undefined,
      )
      endTurn(turn, id)
      if ('error' in result) port.postMessage(result)
      for (const bytes of answerTo(id, result)) socket.write(bytes)
    }
  })
  port.postMessage('up')
}

function answerTo(id: number, result: TaskResult): Uint8Array[] {
  if ('error' in result) return encodeHostFrame({ kind: 'failure', id, error: result.error })
  try {
    return encodeHostFrame({ kind: 'reply', id, reply: result.outcome as Reply })
  } catch (thrown) {
    return encodeHostFrame({ kind: 'failure', id, error: toErrorRecord(toGatewayError(thrown)) })
  }
}
