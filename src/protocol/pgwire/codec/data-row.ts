/** DataRow messages as the engine host encodes them. Source: PostgreSQL manual, "Message Formats". */

/** The body of each message of a frame, which holds whole ones. */
export function* rowBodies(frame: Uint8Array): Generator<Buffer> {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readInt32BE(at + 1)
    yield bytes.subarray(at + 5, at + 1 + length)
    at += 1 + length
  }
}

/** The values of one row; null for NULL. */
export function rowValues(body: Buffer): (Buffer | null)[] {
  const values: (Buffer | null)[] = []
  const count = body.readUInt16BE(0)
  for (let at = 2; values.length < count;) {
    const length = body.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : body.subarray(at, at + length))
    at += Math.max(length, 0)
  }
  return values
}
