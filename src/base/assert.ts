/** Assertions are for our own mistakes; the world's mistakes are `GatewayError`s. */

/** @throws Error when `condition` is false: a bug in this program. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

/** The value, or an assertion failure when it is absent. */
export function present<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new Error(`assertion failed: ${message}`)
  return value
}

/** For the end of a chain that covers a closed union: does not compile when a member is missing. */
export function unreachable(value: never): never {
  throw new Error(`assertion failed: unexpected ${JSON.stringify(value)}`)
}
