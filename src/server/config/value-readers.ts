/**
 * How the text of one configuration value is read. Every reader is total: a value, or a sentence
 * that says what would have been right.
 *
 * Values arrive as text (a variable, a flag) or as JSON (the file); both are read by the same rule.
 */
import { isIP } from 'node:net'
import path from 'node:path'
import { formatDuration, parseDuration } from '../../base/duration.ts'

export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fix: string }

export interface ValueReader<T> {
  /** How the manual names the form, such as `duration: 10s, 5m, 7d`. */
  readonly form: string
  /** `raw` is a string, or what JSON.parse gave. */
  read(raw: unknown): Read<T>
}

const good = <T>(value: T): Read<T> => ({ ok: true, value })
const bad = (fix: string): { ok: false; fix: string } => ({ ok: false, fix })

function splitAtCommas(text: string): string[] {
  return text.split(',').flatMap((name) => name.trim() || [])
}

function reader<T>(form: string, read: (raw: unknown) => T | undefined): ValueReader<T> {
  return {
    form,
    read: (raw) => {
      const value = read(raw)
      return value === undefined ? bad(`give ${form}`) : good(value)
    },
  }
}

function wholeNumber(raw: unknown): number | undefined {
  const number = typeof raw === 'string' && /^\d{1,15}$/.test(raw) ? Number(raw) : raw
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined
}

/** A whole number from `min` to `max`, both included. */
export function integer(min: number, max: number): ValueReader<number> {
  return reader(`a whole number from ${min} to ${max}`, (raw) => {
    const number = wholeNumber(raw)
    return number !== undefined && number >= min && number <= max ? number : undefined
  })
}

/** A TCP port; 0 lets the system choose a free one. */
export const port = reader('a port from 0 to 65535 (0 = any free one)', (raw) => {
  const number = wholeNumber(raw)
  return number !== undefined && number <= 65_535 ? number : undefined
})

export const flag = reader('true or false', (raw) => {
  if (typeof raw === 'boolean') return raw
  return raw === 'true' ? true : raw === 'false' ? false : undefined
})

export function oneOf<const Word extends string>(...words: readonly Word[]): ValueReader<Word> {
  return reader(`one of ${words.join(', ')}`, (raw) => words.find((word) => word === raw))
}

/** Some of these words: a JSON list, or text with commas. */
export function someOf<const Word extends string>(
  ...words: readonly Word[]
): ValueReader<readonly Word[]> {
  return reader(`any of ${words.join(', ')}, separated by commas`, (raw) => {
    const list = typeof raw === 'string' ? splitAtCommas(raw) : raw
    if (!Array.isArray(list)) return undefined
    const known = list.filter((name): name is Word => words.some((word) => word === name))
    return known.length === list.length ? known : undefined
  })
}

/** A path, made absolute from the working directory. */
export const filePath = reader('a path', (raw) =>
  typeof raw === 'string' && raw.trim() !== '' && !raw.includes('\0')
    ? path.resolve(raw)
    : undefined,
)

/** The same rule for a setting that may be absent. */
export function optional<T>(inner: ValueReader<T>): ValueReader<T | undefined> {
  return inner
}

/** Host names and addresses: a JSON list, or text with commas. */
export const names = reader('host names or addresses, separated by commas', (raw) => {
  const list = typeof raw === 'string' ? splitAtCommas(raw) : raw
  if (!Array.isArray(list)) return undefined
  const valid = list.every(
    (name): name is string =>
      typeof name === 'string' && /^(\*\.)?[A-Za-z0-9:]([A-Za-z0-9.:_-]{0,252})$/.test(name),
  )
  return valid ? list : undefined
})

/** An address to listen on: a name would be looked up, and may answer more than was meant. */
export const listenAddress = reader(
  'an IP address such as 127.0.0.1, ::1, 0.0.0.0 or ::, or localhost',
  (raw) => {
    if (raw === 'localhost') return '127.0.0.1'
    return typeof raw === 'string' && isIP(raw) !== 0 ? raw : undefined
  },
)

export interface NamedDirectory {
  /** `a-z`, `0-9` and `_`, beginning with a letter. */
  readonly name: string
  /** Absolute, as it was given: whether it is there is not known yet. */
  readonly directory: string
}

const NAMED_PATH = /^([^=]*)=(.*)$/s

/** Names for directories: a JSON object, or `name=path` with commas between. */
export const namedDirectories = reader(
  'names and directories, such as reports=/srv/reports, separated by commas, or a JSON object of them (a name has a-z, 0-9 and _, begins with a letter and has at most 63 characters)',
  (raw): readonly NamedDirectory[] | undefined => {
    return namedPaths(raw)?.map(({ name, path }) => ({ name, directory: path }))
  },
)

export interface NamedFile {
  readonly name: string
  readonly file: string
}

/** Names for files: as those for directories. */
export const namedFiles = reader(
  'names and files, such as warehouse=/srv/warehouse.duckdb, separated by commas, or a JSON object of them (a name has a-z, 0-9 and _, begins with a letter and has at most 63 characters)',
  (raw): readonly NamedFile[] | undefined =>
    namedPaths(raw)?.map(({ name, path }) => ({ name, file: path })),
)

function namedPaths(raw: unknown): { name: string; path: string }[] | undefined {
  const entries = typeof raw === 'string' ? splitAtCommas(raw).map(nameAndPath) : entriesOf(raw)
  if (!entries) return undefined
  const named = entries.map(([name, path]) => {
    const read = filePath.read(path)
    const valid = /^[a-z][a-z0-9_]{0,62}$/.test(name) && read.ok
    return valid ? { name, path: read.value } : undefined
  })
  const distinct = new Set(named.map((one) => one?.name)).size === named.length
  return distinct && named.every((one) => one !== undefined) ? named : undefined
}

function nameAndPath(text: string): [string, unknown] {
  const [, name = '', path = ''] = NAMED_PATH.exec(text) ?? []
  return [name.trim(), path.trim()]
}

function entriesOf(raw: unknown): [string, unknown][] | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    ? Object.entries(raw)
    : undefined
}

/** A length of time, in milliseconds. */
export function duration(minMs: number, maxMs: number): ValueReader<number> {
  const form = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 500ms, 10s, 5m, 12h, 7d`
  return reader(form, (raw) => {
    const ms = typeof raw === 'string' ? parseDuration(raw) : undefined
    return ms !== undefined && ms >= minMs && ms <= maxMs ? ms : undefined
  })
}

/** As `duration`, or `none`: undefined. */
export function optionalDuration(minMs: number, maxMs: number): ValueReader<number | undefined> {
  const inner = duration(minMs, maxMs)
  return {
    form: `none, or ${inner.form}`,
    read: (raw) => (raw === 'none' ? good(undefined) : inner.read(raw)),
  }
}

const BYTES = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const

/** A size, in bytes. */
export function byteSize(min: number, max: number): ValueReader<number> {
  const form = `a size from ${formatBytes(min)} to ${formatBytes(max)}, such as 512MiB or 4GiB`
  return reader(form, (raw) => {
    const match = typeof raw === 'string' ? /^(\d{1,9})\s?(KiB|MiB|GiB|TiB)$/.exec(raw) : null
    if (!match) return undefined
    const bytes = Number(match[1]) * BYTES[match[2] as keyof typeof BYTES]
    return bytes >= min && bytes <= max ? bytes : undefined
  })
}

function formatBytes(bytes: number): string {
  const units = Object.entries(BYTES).toReversed()
  const [name, size] = units.find(([, unit]) => bytes >= unit && bytes % unit === 0) ?? ['B', 1]
  return `${bytes / size}${name}`
}
