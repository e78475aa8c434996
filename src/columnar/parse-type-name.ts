/**
 * The engine's spelling of types, read and written: `DECIMAL(10,2)`, `STRUCT(a INTEGER)[]`.
 *
 * The names come from the engine's catalogue and its logical types, and from casts that the gateway
 * writes. It does not know the names of other systems (`int4`, `text`), nor user-defined types: what
 * is not read in full becomes `other` with its whole name, whose values travel as text.
 */
import type { ColumnField, ColumnType, ScalarKind } from './column-type.ts'

/** Types nested deeper than this are `other`: no table has them, and reading recurses. */
const DEPTH_MAX = 32

const SCALARS = new Map<string, ScalarKind>(
  Object.entries({
    '"NULL"': 'null',
    NULL: 'null',
    BOOLEAN: 'boolean',
    TINYINT: 'tinyint',
    SMALLINT: 'smallint',
    INTEGER: 'integer',
    BIGINT: 'bigint',
    HUGEINT: 'hugeint',
    UTINYINT: 'utinyint',
    USMALLINT: 'usmallint',
    UINTEGER: 'uinteger',
    UBIGINT: 'ubigint',
    UHUGEINT: 'uhugeint',
    BIGNUM: 'bignum',
    VARINT: 'bignum',
    FLOAT: 'float',
    DOUBLE: 'double',
    VARCHAR: 'varchar',
    JSON: 'json',
    BLOB: 'blob',
    BIT: 'bit',
    UUID: 'uuid',
    DATE: 'date',
    TIME: 'time',
    TIME_NS: 'time_ns',
    'TIME WITH TIME ZONE': 'time_tz',
    TIMETZ: 'time_tz',
    TIMESTAMP: 'timestamp',
    TIMESTAMP_S: 'timestamp_s',
    TIMESTAMP_MS: 'timestamp_ms',
    TIMESTAMP_NS: 'timestamp_ns',
    'TIMESTAMP WITH TIME ZONE': 'timestamp_tz',
    TIMESTAMPTZ: 'timestamp_tz',
    INTERVAL: 'interval',
  } as const satisfies Record<string, ScalarKind>),
)

/** The first spelling of each kind is the engine's own. */
const NAMES = new Map<ScalarKind, string>()
for (const [name, kind] of SCALARS) if (!NAMES.has(kind)) NAMES.set(kind, name)

/** Never throws: a name that is not read in full is `other`. Upper or lower case. */
export function parseTypeName(name: string): ColumnType {
  const reader = new TypeReader(name)
  const type = reader.type(0)
  return type !== undefined && reader.atEnd() ? type : { kind: 'other', name }
}

/** The engine's spelling, which `parseTypeName` reads back to the same type. */
export function typeName(type: ColumnType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`
    case 'enum':
      return `ENUM(${type.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')})`
    case 'list':
      return `${typeName(type.element)}[]`
    case 'array':
      return `${typeName(type.element)}[${type.length}]`
    case 'struct':
      return `STRUCT(${type.fields.map(fieldName).join(', ')})`
    case 'map':
      return `MAP(${typeName(type.key)}, ${typeName(type.value)})`
    case 'union':
      return `UNION(${type.members.map(fieldName).join(', ')})`
    case 'other':
      return type.name
    default:
      return NAMES.get(type.kind) ?? type.kind
  }
}

function fieldName({ name, type }: ColumnField): string {
  return `"${name.replaceAll('"', '""')}" ${typeName(type)}`
}

/** Each method reads its piece and moves on, or gives `undefined` and the whole name is `other`. */
class TypeReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  atEnd(): boolean {
    return this.#match(/\s*/y) !== undefined && this.#at === this.#text.length
  }

  type(depth: number): ColumnType | undefined {
    if (depth > DEPTH_MAX) return undefined
    let type = this.#unsuffixed(depth)
    for (let suffix = depth; type !== undefined; suffix += 1) {
      const brackets = this.#match(/\s*\[\s*(\d{0,9})\s*\]/y)
      if (brackets === undefined) return type
      if (suffix > DEPTH_MAX) return undefined
      const length = brackets[1] ?? ''
      type =
        length === ''
          ? { kind: 'list', element: type }
          : { kind: 'array', element: type, length: Number(length) }
    }
    return undefined
  }

  #unsuffixed(depth: number): ColumnType | undefined {
    const word = this.#match(/\s*("NULL"|[A-Za-z_][A-Za-z_0-9]*)/y)?.[1]?.toUpperCase()
    switch (word) {
      case 'DECIMAL':
      case 'NUMERIC':
        return this.#decimal()
      case 'ENUM':
        return this.#enum()
      case 'STRUCT':
      case 'ROW': {
        const fields = this.#fields(depth)
        return fields && { kind: 'struct', fields }
      }
      case 'UNION': {
        const members = this.#fields(depth)
        return members && { kind: 'union', members }
      }
      case 'MAP':
        return this.#map(depth)
      case undefined:
        return undefined
    }
    const zone = this.#match(/\s+WITH\s+TIME\s+ZONE\b/iy) === undefined ? '' : ' WITH TIME ZONE'
    const kind = SCALARS.get(word + zone)
    return kind && { kind }
  }

  #decimal(): ColumnType | undefined {
    const match = this.#match(/\s*\(\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?\)/y)
    // The engine's default; it says so itself when it describes a column.
    if (match === undefined) return { kind: 'decimal', precision: 18, scale: 3 }
    const precision = Number(match[1])
    const scale = Number(match[2] ?? 0)
    if (precision < 1 || precision > 38 || scale > precision) return undefined
    return { kind: 'decimal', precision, scale }
  }

  #enum(): ColumnType | undefined {
    const labels = this.#list(() => this.#match(/\s*'((?:[^']|'')*)'/y)?.[1]?.replaceAll("''", "'"))
    return labels && { kind: 'enum', labels }
  }

  #map(depth: number): ColumnType | undefined {
    const types = this.#list(() => this.type(depth + 1))
    const [key, value] = types ?? []
    if (key === undefined || value === undefined || types?.length !== 2) return undefined
    return { kind: 'map', key, value }
  }

  #fields(depth: number): ColumnField[] | undefined {
    return this.#list(() => {
      const match = this.#match(/\s*(?:"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z_0-9$]*))\s/y)
      if (match === undefined) return undefined
      const name = match[1]?.replaceAll('""', '"') ?? match[2]
      const type = this.type(depth + 1)
      return name === undefined || type === undefined ? undefined : { name, type }
    })
  }

  /** `( … , … )` with at least one entry. */
  #list<Entry>(entry: () => Entry | undefined): Entry[] | undefined {
    if (this.#match(/\s*\(/y) === undefined) return undefined
    const entries: Entry[] = []
    do {
      const read = entry()
      if (read === undefined) return undefined
      entries.push(read)
    } while (this.#match(/\s*,/y) !== undefined)
    return this.#match(/\s*\)/y) === undefined ? undefined : entries
  }

  /** @param pattern Sticky. */
  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match
  }
}
