/**
 * The lines of the audit and the chain through them.
 *
 * A line is a JSON object whose last member `h` is an HMAC over the `h` of the line before and the
 * object without it. So a line that is altered, taken away, put in or moved breaks the chain at its
 * place, for everybody who has the key; nobody without it can mend it. The first line of a segment
 * is a header, and part of the chain like any other.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { AuditRecord } from '../../audit/audit-event.ts'

const FORMAT = 1

/** `,"h":"` + 43 digits + `"}`. */
const HASH_LENGTH = 43
const SUFFIX_LENGTH = 6 + HASH_LENGTH + 2

const OPENING = Buffer.from('{"')
const SUFFIX_START = Buffer.from(',"h":"')
const SUFFIX_END = Buffer.from('"}')

export interface ChainHead {
  /** Of the last record; 0 before the first. */
  readonly sequence: number
  /** The `h` of the last line. */
  readonly hash: string
}

export const GENESIS: ChainHead = { sequence: 0, hash: 'genesis' }

export interface SegmentHeader {
  readonly audit: typeof FORMAT
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  /** The sequence of its first record. */
  readonly first: number
  /** The `h` of the last line of the segment before. */
  readonly previous: string
  /** Which key the chain is made with; says nothing about the key. */
  readonly key: string
}

export type AuditLine =
  | { readonly kind: 'header'; readonly header: SegmentHeader; readonly hash: string }
  | { readonly kind: 'record'; readonly record: AuditRecord; readonly hash: string }

export class AuditChain {
  readonly #key: KeyObject
  /** Tells a wrong key from an altered log. */
  readonly keyId: string

  constructor(key: KeyObject) {
    this.#key = key
    this.keyId = createHmac('sha256', key).update('key id').digest('base64url').slice(0, 12)
  }

  header(day: string, head: ChainHead): { line: string; hash: string } {
    const { sequence, hash: previous } = head
    const header: SegmentHeader = {
      audit: FORMAT,
      day,
      first: sequence + 1,
      previous,
      key: this.keyId,
    }
    return this.link(previous, JSON.stringify(header))
  }

  /** @param body a JSON object with at least one member. @returns the line, with its newline. */
  link(previous: string, body: string): { line: string; hash: string } {
    const hash = createHmac('sha256', this.#key).update(`${previous}\n${body}`).digest('base64url')
    return { line: `${body.slice(0, -1)},"h":"${hash}"}\n`, hash }
  }

  /** Whether `line` (without its newline) follows the line whose `h` is `previous`. */
  follows(previous: string, line: Buffer): boolean {
    const hash = lineHash(line)
    if (hash === undefined) return false
    const proof = createHmac('sha256', this.#key)
      .update(`${previous}\n`)
      .update(line.subarray(0, -SUFFIX_LENGTH))
      .update('}')
      .digest('base64url')
    return timingSafeEqual(Buffer.from(proof), Buffer.from(hash))
  }

  /** For what is no line of the log, such as the anchor. */
  seal(text: string): string {
    return createHmac('sha256', this.#key).update(`anchor\n${text}`).digest('base64url')
  }
}

/** What a line says, unproven; undefined when it is none of ours. */
export function parseLine(line: Buffer): AuditLine | undefined {
  const hash = lineHash(line)
  if (hash === undefined) return undefined
  let value: Record<string, unknown>
  try {
    value = JSON.parse(`${line.toString('utf8', 0, line.length - SUFFIX_LENGTH)}}`) as typeof value
  } catch {
    return undefined
  }
  if (value['audit'] === FORMAT) {
    return { kind: 'header', header: value as unknown as SegmentHeader, hash }
  }
  if (typeof value['sequence'] !== 'number' || typeof value['time'] !== 'string') return undefined
  return { kind: 'record', record: value as unknown as AuditRecord, hash }
}

/** Whether the bytes from `first` to `end` begin and end as a line does. Cheap, and no proof. */
export function looksLikeLine(bytes: Buffer, first: number, end: number): boolean {
  const suffix = end - SUFFIX_LENGTH
  if (suffix <= first || bytes[first] !== OPENING[0] || bytes[first + 1] !== OPENING[1])
    return false
  for (let i = 0; i < SUFFIX_START.length; i += 1) {
    if (bytes[suffix + i] !== SUFFIX_START[i]) return false
  }
  return bytes[end - 2] === SUFFIX_END[0] && bytes[end - 1] === SUFFIX_END[1]
}

function lineHash(line: Buffer): string | undefined {
  if (line.length <= SUFFIX_LENGTH) return undefined
  const suffix = line.subarray(-SUFFIX_LENGTH).toString('latin1')
  return /^,"h":"([A-Za-z0-9_-]{43})"\}$/.exec(suffix)?.[1]
}
