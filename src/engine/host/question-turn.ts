/**
 * Which question is being answered by the thread that reads its own socket, in shared memory: so that
 * the main thread interrupts that one and never the next.
 */
const NONE = 0n
const CLOSED = -1n

/** The id of the question, negated and less one while it is being interrupted. */
export type QuestionTurn = BigInt64Array<SharedArrayBuffer>

export function newTurn(): QuestionTurn {
  return new BigInt64Array(new SharedArrayBuffer(8))
}

/** In the thread of the questions. @returns false when there is to be none any more. */
export function beginTurn(turn: QuestionTurn, id: number): boolean {
  return Atomics.compareExchange(turn, 0, NONE, BigInt(id)) === NONE
}

/** In the thread of the questions. */
export function endTurn(turn: QuestionTurn, id: number): void {
  while (Atomics.compareExchange(turn, 0, BigInt(id), NONE) !== BigInt(id)); // for one call, at most
}

/** In the main thread: the question does not end before `work` has. @returns false when it is over. */
export function duringTurn(turn: QuestionTurn, id: number, work: () => void): boolean {
  if (Atomics.compareExchange(turn, 0, BigInt(id), heldTurn(id)) !== BigInt(id)) return false
  work()
  Atomics.store(turn, 0, BigInt(id))
  return true
}

/** In the main thread: no other question begins. @returns false while there is one. */
export function closeTurns(turn: QuestionTurn): boolean {
  return Atomics.compareExchange(turn, 0, NONE, CLOSED) === NONE
}

function heldTurn(id: number): bigint {
  return -BigInt(id) - 1n
}
