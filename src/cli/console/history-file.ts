/**
 * The lines typed before, in a file that its owner alone may read.
 *
 * Statements that seem to hold a secret are kept out of it: better one too many than one too few.
 */
import { closeSync, constants, fchmodSync, openSync, readFileSync, writeSync } from 'node:fs'

const LINES_MAX = 1_000

/** A word for a secret with a text after it, or an access token anywhere. */
const SECRET =
  /bluegate_|(?:password|passwd|passphrase|secret|token|credential|bearer|authorization)|\w*key\w*\s*(?:=|:|=>|,|\bto\b|\bis\b)?\s*\(?\s*['"$]/i

export function holdsSecret(statement: string): boolean {
  return SECRET.test(statement)
}

export class HistoryFile {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** The newest first, as readline has them. None where the file cannot be read. */
  lines(): string[] {
    try {
      const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)
      return lines.reverse().slice(0, LINES_MAX)
    } catch {
      return []
    }
  }

  /** @throws Error of the file system: nothing is kept then. */
  append(statement: string): void {
    if (holdsSecret(statement)) return
    // A link is not followed: the file is then not where it seems to be.
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW
    const file = openSync(this.#file, flags, 0o600)
    try {
      fchmodSync(file, 0o600)
      writeSync(file, `${statement}\n`)
    } finally {
      closeSync(file)
    }
  }
}
