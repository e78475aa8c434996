/**
 * The host as a process: frames in, frames out, and a quick end. It knows descriptors and signals,
 * and nothing of what the frames say.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { freeMemory } from '../../base/free-memory.ts'
import { FrameSplitter } from '../wire/frame-splitter.ts'
import { decodeGatewayFrame, encodeHostFrame, type HostFrame } from '../wire/frame.ts'
import type { Fence } from './fence/raise-fence.ts'
import { Host } from './host.ts'

const SOCKET = 3
const STDERR = 2

/** Answers the gateway on descriptor 3, until it is gone. */
export function serveGateway(fence: Fence): void {
  const socket = new Socket({ fd: SOCKET })
  const splitter = new FrameSplitter()
  const host = new Host({ send: (frame) => send(socket, frame), report, die }, fence)

  socket.on('data', (chunk: Buffer) => {
    try {
      splitter.push(chunk, (raw) => host.onFrame(decodeGatewayFrame(raw)))
    } catch (error) {
      die(String(error))
    }
  })
  // without its gateway nobody waits for an answer, and nobody commits: the log of the engine keeps
  // what was committed
  socket.on('end', () => die('the gateway is gone'))
  socket.on('error', (error) => die(`the socket failed: ${error.message}`))
  // beyond the bound on the size of a file the write fails, and nothing else does
  if (process.platform !== 'win32') process.on('SIGXFSZ', () => undefined)
  process.on('uncaughtException', (error) => die(error.stack ?? error.message))
  process.on('unhandledRejection', (reason) => die(`unhandled: ${String(reason)}`))
}

/** All that is sent in one turn of the event loop leaves in one piece, at its end. */
function send(socket: Socket, frame: HostFrame): void {
  if (socket.writableCorked === 0) {
    socket.cork()
    setImmediate(() => socket.uncork())
  }
  for (const bytes of encodeHostFrame(frame)) {
    socket.write(bytes, (error) => {
      if (frame.kind === 'rows' && frame.owned && !error) freeMemory(bytes)
    })
  }
}

function report(text: string): void {
  writeSync(STDERR, `${text}\n`)
}

/** By signal, because an ordinary exit waits for the workers, and one may be deep inside the engine. */
function die(reason: string): never {
  try {
    report(reason)
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
  throw new Error(reason)
}
