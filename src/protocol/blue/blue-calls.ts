/**
 * From a call of gRPC to the function that answers it, and back.
 *
 * What a user can cause is told in a reply's `error`; a gRPC status tells what a program did wrong
 * (no bearer, an id that nobody gave it) or that something is broken here.
 */
import { status } from '@grpc/grpc-js'
import type { ServerUnaryCall, StatusObject, handleUnaryCall } from '@grpc/grpc-js'
import type { Log } from '../../base/log.ts'

export interface CallOrigin {
  /** Of the connection. */
  readonly key: string
  /** The token of `authorization: Bearer …`, if there is one. */
  readonly bearer: string | undefined
}

type Answer<Request, Response> = (request: Request, origin: CallOrigin) => Promise<Response>

type Handler = handleUnaryCall<unknown, unknown>

/** A call that gets a gRPC status instead of a reply. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
  readonly code: status

  constructor(code: status, message: string) {
    super(message)
    this.code = code
  }
}

export function shuttingDown(): CallRefused {
  return new CallRefused(status.UNAVAILABLE, 'the gateway is shutting down')
}

/** No bearer, or one that is nobody's (any more). */
export function unauthenticated(): CallRefused {
  return new CallRefused(status.UNAUTHENTICATED, 'log in first: the bearer token is not known')
}

/** Whether it is somebody else's or nobody's is not told. */
export function unknownId(what: 'session' | 'statement'): CallRefused {
  return new CallRefused(status.NOT_FOUND, `there is no such ${what}`)
}

export function answering<Request, Response>(
  answer: Answer<Request, Response>,
  log: Pick<Log, 'error'>,
): Handler {
  const reply = async (...[call, callback]: Parameters<Handler>): Promise<void> => {
    try {
      callback(null, await answer(call.request as Request, originOf(call)))
    } catch (thrown) {
      callback(statusFor(thrown, call.getPath(), log))
    }
  }
  return (call, callback) => void reply(call, callback)
}

function statusFor(thrown: unknown, call: string, log: Pick<Log, 'error'>): Partial<StatusObject> {
  if (thrown instanceof CallRefused) return { code: thrown.code, details: thrown.message }
  log.error({ error: thrown, call }, 'a call failed inside')
  return { code: status.INTERNAL, details: 'internal error: see the log of the gateway' }
}

function originOf(call: ServerUnaryCall<unknown, unknown>): CallOrigin {
  const [authorization = ''] = call.metadata.get('authorization').map(String)
  const [, bearer] = /^bearer +(\S+)$/i.exec(authorization) ?? []
  return { key: call.getPeer(), bearer }
}
