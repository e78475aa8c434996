/**
 * What the tables of functions hold: how BLUE writes a call, and what it becomes for the engine.
 *
 * `becomes` is the text of an expression in which `#1` stands for the first argument. Arguments stand in
 * it in their order and each at most once: so texts grow linearly, places stay where they were, and what
 * an argument does is done once. Where a value is needed more often, `once` binds it to a name.
 */
import type { Unit } from './units.ts'

export type ArgumentKind =
  | 'value'
  /** A bare word of `units.ts`; not in `becomes`, which depends on it. */
  | 'unit'
  /** A string that is a regular expression. */
  | 'regex'
  /** A string with `%`, `_` and classes; becomes a regular expression that finds it. */
  | 'pattern'
  /** A number that is mostly written out: see `plain`. */
  | 'count'
  /** The name of a type. */
  | 'type'
  /** The one number that can be carried. */
  | { readonly only: string }

export interface FunctionForm {
  readonly arguments: readonly ArgumentKind[]
  readonly becomes: string | ByUnit
  /** Instead of `becomes`, where every `count` is a whole number that is written out. */
  readonly plain?: string
  /** Arguments from the second one on come in such groups as often as one likes: see DECODE. */
  readonly variadic?: 'decode'
}

/** A unit that is missing is refused, and named in the note of the function. */
export type ByUnit = Readonly<Partial<Record<Unit, string>>>

export interface BlueFunction {
  readonly name: string
  /** For the manual: how it is written. */
  readonly written: string
  readonly forms: readonly FunctionForm[]
  /** For the manual: what is to be known. */
  readonly note?: string
  readonly examples: readonly Example[]
}

/** An expression, and what the real engine must give for it: its text, and the name of its type. */
export interface Example {
  readonly expression: string
  readonly gives: string | null
  readonly type: string
}

export function example(expression: string, gives: string | null, type: string): Example {
  return { expression, gives, type }
}

/** Names with a blank, which no column has by accident. Nothing of the client's stands where they are seen. */
const VALUES = '"blue values"'
const ONE = '"blue value"'
const SAME = '"blue same"'

/** An argument inside of `once`. */
export function bound(index: number): string {
  return `struct_extract(${VALUES}, 'p${index}')`
}

/** `body` with each of `count` arguments computed once: there they are `bound(1)` and so on. */
export function once(count: number, body: string): string {
  const fields = Array.from({ length: count }, (_, index) => `p${index + 1} := #${index + 1}`)
  return onceOf(fields, body)
}

/** As `once`, for arguments that do not begin with the first one. */
export function onceFrom(first: number, count: number, body: string): string {
  const fields = Array.from({ length: count }, (_, at) => `p${first + at} := #${first + at}`)
  return onceOf(fields, body)
}

function onceOf(fields: readonly string[], body: string): string {
  const row = `list_value(struct_pack(${fields.join(', ')}))`
  return `list_extract(list_transform(${row}, lambda ${VALUES}: ${body}), 1)`
}

/**
 * What `change` makes of a value, in the type that the value had: DATE stays DATE, TIMESTAMP stays
 * TIMESTAMP. The engine has no cast to the type of something; but what a list is reduced to has the type
 * of its items.
 */
export function inItsType(value: string, change: (value: string) => string): string {
  return `list_reduce(list_value(${value}, NULL), lambda ${ONE}, ${SAME}: ${change(ONE)})`
}

/** An error with a text of ours, for a branch that must not be taken. */
export function failure(text: string, type: string): string {
  return `CAST(CAST('${text}' AS INTEGER) AS ${type})`
}
