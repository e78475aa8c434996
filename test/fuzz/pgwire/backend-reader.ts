/** The door's answers, read strictly: a message that no driver could read is a failure. */
export interface Answer {
  /** The letter, such as `Z` for ReadyForQuery. */
  readonly type: string
  readonly body: Buffer
}

const LENGTHS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  '1': [0, 0],
  '2': [0, 0],
  '3': [0, 0],
  n: [0, 0],
  s: [0, 0],
  I: [0, 0],
  Z: [1, 1],
  R: [4, 4],
  K: [8, 8],
  S: [2, 100_000],
  v: [8, 20_000],
  T: [2, 100_000],
  H: [3, 100_000],
  G: [3, 100_000],
  d: [0, 10_000_000],
  c: [0, 0],
  t: [2, 300_000],
  D: [2, 10_000_000],
  C: [2, 100],
  E: [10, 100_000],
  N: [10, 100_000],
}

/**
 * @param bytes From the first answer on.
 * @param whole True when nothing more will come: then the last message must not be cut.
 * @throws Error that says which message is none.
 */
export function readAnswers(bytes: Buffer, whole: boolean): Answer[] {
  const answers: Answer[] = []
  let at = 0
  while (bytes.length - at >= 5) {
    const type = String.fromCharCode(bytes[at] ?? 0)
    const bodyLength = bytes.readInt32BE(at + 1) - 4
    const [min, max] = LENGTHS[type] ?? [1, 0]
    if (bodyLength < min || bodyLength > max) {
      throw new Error(`answer ${answers.length} is no message: type ${type}, ${bodyLength} bytes`)
    }
    if (bytes.length - at - 5 < bodyLength) break
    answers.push({ type, body: bytes.subarray(at + 5, at + 5 + bodyLength) })
    at += 5 + bodyLength
  }
  if (whole && at < bytes.length) throw new Error('the last answer is cut')
  return answers
}

/** Of a RowDescription or a DataRow. */
export function columnCount({ body }: Answer): number {
  return body.readInt16BE(0)
}

/** Of a CommandComplete. */
export function tagOf({ body }: Answer): string {
  return body.toString('utf8', 0, body.length - 1)
}

/** Of an ErrorResponse: severity (never translated) and SQLSTATE. @throws Error where one lacks. */
export function errorOf({ body }: Answer): { readonly severity: string; readonly code: string } {
  const fields = body.toString().split('\0')
  const field = (letter: string): string | undefined =>
    fields.find((each) => each.startsWith(letter))?.slice(1)
  const [severity, code] = [field('V'), field('C')]
  if (severity === undefined || !/^[0-9A-Z]{5}$/.test(code ?? '') || body.at(-1) !== 0) {
    throw new Error('an ErrorResponse without severity or code')
  }
  return { severity, code: code ?? '' }
}
