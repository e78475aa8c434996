/**
 * What the engine's parser and binder complain about, and how a client is told.
 *
 * Their texts name tables, columns and types that the client may not know of: as candidates, in
 * "Did you mean", in the types of a call. Known complaints are told in PostgreSQL's words, with
 * names that stand in the client's own text. Of the others the first line is passed on only where
 * nothing is hidden from the client; else it is told no more than the kind of error.
 */
import { GatewayError, toGatewayError } from '../base/gateway-error.ts'
import type { ErrorKind } from '../base/gateway-error.ts'
import { isObject } from './engine-json.ts'
import type { Json } from './engine-json.ts'
import { textOf } from './tree-node.ts'

export interface EngineComplaint {
  /** The engine's own: parser, binder, catalog, … Empty when it came as a `GatewayError`. */
  readonly type: string
  readonly subtype: string
  readonly message: string
  readonly name: string
  /** In the text that the engine read: the parser counts characters, the binder bytes, from 0. */
  readonly offset: number | undefined
  /** Set when the engine client already gave it a kind. */
  readonly error: GatewayError | undefined
}

/** From the engine's JSON with `"error":true`, or from what its client threw. */
export function complaintIn(source: unknown): EngineComplaint {
  if (!(source instanceof Error) && isObject(source as Json)) {
    const node = source as Record<string, Json>
    const offset = Number.parseInt(textOf(node, 'position'), 10)
    return {
      type: textOf(node, 'error_type'),
      subtype: textOf(node, 'error_subtype'),
      message: textOf(node, 'error_message'),
      name: textOf(node, 'name'),
      offset: Number.isNaN(offset) ? undefined : offset,
      error: undefined,
    }
  }
  const error = toGatewayError(source)
  const message = error.message.replace(/^(?:Parser|Binder|Catalog|Conversion)\s+Error:\s*/i, '')
  return { type: '', subtype: '', message, name: '', offset: undefined, error }
}

/** Kinds that are about the engine and not about the statement: told as they are. */
const OPERATIONAL: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'cancelled',
  'admin_shutdown',
  'crash_shutdown',
  'cannot_connect_now',
  'too_many_connections',
  'out_of_memory',
  'disk_full',
  'statement_too_complex',
  'program_limit',
  'serialization_failure',
  'failed_transaction',
  'internal',
])

export function isOperational({ error }: EngineComplaint): boolean {
  return error !== undefined && OPERATIONAL.has(error.kind)
}

/** The parser knows no catalogue, so its texts hold nothing but the client's own words. */
export function parseError(complaint: EngineComplaint): GatewayError {
  const { type, message, offset, error } = complaint
  if (error && isOperational(complaint)) return error
  if (type === 'not implemented' || error?.kind === 'feature_not_supported') {
    // json_serialize_sql reads queries only; a dynamic PIVOT is several statements to the engine.
    return new GatewayError(
      'feature_not_supported',
      'this form of the statement is not supported',
      {
        hint: 'A PIVOT needs the list of its values: PIVOT … ON column IN (…).',
      },
    )
  }
  const kind = /max(?:imum)? expression depth/i.test(message)
    ? 'statement_too_complex'
    : (error?.kind ?? 'syntax_error')
  const position = offset === undefined ? error?.position : offset + 1
  return new GatewayError(kind, firstLine(message), position === undefined ? {} : { position })
}

interface Told {
  readonly kind: ErrorKind
  readonly message: string
  readonly hint?: string
}

/** `expanded`: the name may be one that a star stood for, so it is told only where the client wrote it. */
type Telling = readonly [RegExp, (...groups: string[]) => Told, 'expanded'?]

const undefinedColumn = (name: string): Told => ({
  kind: 'undefined_column',
  message: `column "${name}" does not exist`,
})

/** Complaints with a counterpart in PostgreSQL. The groups are names, mostly from the client's own text. */
const TELLINGS: readonly Telling[] = [
  [/^Referenced column "(.*)" (?:was )?not found/, undefinedColumn],
  [
    /^Table "(.*)" does not have a column named "(.*)"/,
    (table, column) => ({
      kind: 'undefined_column',
      message: `column ${table}.${column} does not exist`,
    }),
  ],
  [/^Column "(.*)" in \w+ list not found/, undefinedColumn],
  [
    /^Column "(.*)" does not exist on (left|right) side of join/,
    (name, side) => ({
      kind: 'undefined_column',
      message: `column "${name}" specified in USING clause does not exist in ${side} table`,
    }),
  ],
  [/^Could not find key "(.*)" in struct/, undefinedColumn],
  [
    /^Referenced table "(.*)" not found/,
    (name) => ({
      kind: 'undefined_table',
      message: `missing FROM-clause entry for table "${name}"`,
    }),
  ],
  [
    /^Ambiguous reference to column name "(.*?)"/,
    (name) => ({ kind: 'ambiguous_column', message: `column reference "${name}" is ambiguous` }),
    'expanded',
  ],
  [
    /^(?:Ambiguous reference to table|Duplicate alias) "(.*?)"/,
    (name) => ({
      kind: 'duplicate_object',
      message: `table name "${name}" specified more than once`,
    }),
  ],
  [
    /^column "?(.*?)"? must appear in the GROUP BY clause/,
    (name) => ({
      kind: 'grouping_error',
      message: `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
    }),
    'expanded',
  ],
  [
    /^No columns found to join on in NATURAL JOIN/,
    () => ({ kind: 'undefined_column', message: 'no common columns for NATURAL JOIN' }),
  ],
  [
    /^No matching columns found/,
    () => ({ kind: 'undefined_column', message: 'COLUMNS matches no column' }),
  ],
  [
    /^No function matches the given name and argument types '(.*?)\(/,
    (name) => ({
      kind: 'undefined_function',
      message: /^\w/.test(name)
        ? `function ${name} does not take these arguments`
        : `operator ${name} does not take these operands`,
      hint: 'You might need to add explicit type casts.',
    }),
  ],
  [
    /^Could not choose a best candidate function for the function call "(.*?)\(/,
    (name) => ({
      kind: 'ambiguous_function',
      message: /^\w/.test(name)
        ? `function ${name} is not unique`
        : `operator ${name} is not unique`,
      hint: 'You might need to add explicit type casts.',
    }),
  ],
  [
    /^Scalar Function with name (\S+) does not exist|^Table Function with name (\S+) does not exist/,
    (scalar, table) => ({
      kind: 'undefined_function',
      message: `function ${scalar || table} does not exist`,
    }),
  ],
  [
    /^(?:Type|Collation) with name (\S+) does not exist/,
    (name) => ({ kind: 'undefined_object', message: `"${name}" does not exist` }),
  ],
  [
    /^Table with name (\S+) does not exist/,
    (name) => ({ kind: 'undefined_table', message: `relation "${name}" does not exist` }),
  ],
]

/** Complaints that name no object: their first line is fit for everybody. */
const HARMLESS: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^Set operations can only apply to expressions with the same number/, 'syntax_error'],
  [/^Subquery returns \d+ columns/, 'syntax_error'],
  [/^(?:ORDER|GROUP BY) term out of range/, 'invalid_column_reference'],
  [/aggregate function calls cannot be nested|cannot contain aggregates/, 'grouping_error'],
  [/cannot contain window functions|window functions? (?:are|is) not allowed/, 'grouping_error'],
  [/^DEFAULT is not allowed here/, 'syntax_error'],
  [/ has \d+ columns but \d+ values were supplied/, 'syntax_error'],
  [/^UNNEST\b(?!.*, not )/, 'datatype_mismatch'], // not those that tell a type
]

/** Other complaints, by what they say or by the engine's type of error. */
const BY_MESSAGE: readonly (readonly [RegExp, ErrorKind])[] = [
  [
    /^UNNEST\b|cannot compare|cannot mix|cannot combine|type mismatch|cannot be (?:cast|converted)/i,
    'datatype_mismatch',
  ],
  [/out of range|overflow/i, 'numeric_value_out_of_range'],
  [/max(?:imum)? expression depth/i, 'statement_too_complex'],
]

const BY_TYPE: Readonly<Record<string, ErrorKind>> = {
  conversion: 'invalid_text_representation',
  'out of range': 'numeric_value_out_of_range',
  'not implemented': 'feature_not_supported',
  'parameter not resolved': 'indeterminate_datatype',
  'invalid input': 'invalid_parameter_value',
  'out of memory': 'out_of_memory',
  interrupt: 'cancelled',
  internal: 'internal',
}

const WITHOUT_DETAILS: Partial<Record<ErrorKind, string>> = {
  ambiguous_column: 'a column reference is ambiguous',
  grouping_error: 'a column must appear in the GROUP BY clause or be used in an aggregate function',
  datatype_mismatch: 'the types of an expression do not fit together',
  numeric_value_out_of_range: 'a value is out of range',
  invalid_text_representation: 'a value cannot be converted to the type that is needed',
  feature_not_supported: 'this form of the statement is not supported',
  indeterminate_datatype: 'could not determine the type of a parameter',
  statement_too_complex: 'statement too complex',
  internal: 'the engine failed on this statement',
}

/** What a client may be told. */
export interface Known {
  /** True when every column of every table in the statement may be known to the client. */
  readonly open: boolean
  /** Lower-case column names that the client wrote itself. */
  readonly written?: ReadonlySet<string>
}

/**
 * What a client is told of a binder's complaint.
 *
 * @param position in the client's text, where it is known.
 */
export function bindError(
  complaint: EngineComplaint,
  known: Known,
  position?: number,
): GatewayError {
  if (complaint.error && isOperational(complaint)) return complaint.error
  const { kind, message, hint } = told(complaint, known)
  return new GatewayError(kind, message, {
    ...(hint !== undefined && { hint }),
    ...(position !== undefined && { position }),
  })
}

/** What the engine says before the complaint itself, where a call has a lambda. */
const LAMBDA = /^failed to bind function, either: /i

function told({ type, message, error }: EngineComplaint, { open, written }: Known): Told {
  const line = firstLine(message).replace(LAMBDA, '')
  for (const [pattern, tell, expanded] of TELLINGS) {
    const groups = pattern.exec(line)
    if (!groups) continue
    const so = tell(...groups.slice(1).map((group) => group ?? ''))
    const fit = open || !expanded || written?.has((groups[1] ?? '').toLowerCase())
    return fit ? so : { kind: so.kind, message: WITHOUT_DETAILS[so.kind] ?? '' }
  }
  const harmless = HARMLESS.find(([pattern]) => pattern.test(line))
  if (harmless) return { kind: harmless[1], message: line }
  const kind =
    BY_MESSAGE.find(([pattern]) => pattern.test(line))?.[1] ??
    (Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined) ??
    error?.kind ??
    'syntax_error'
  const hidden = WITHOUT_DETAILS[kind] ?? 'the statement does not fit its tables'
  return { kind, message: open && kind !== 'internal' ? line : hidden }
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').trim()
}
