/** Parameter values as JSON can hold them. A double that JSON has no word for travels as its name. */
import type { ParameterValue } from '../../columnar/parameter-value.ts'

export type WireParameter =
  | null
  | boolean
  | string
  | { readonly bigint: string }
  | { readonly double: number | string }
  | { readonly base64: string }
  /** A text, of which JSON would make up to six times as much. */
  | { readonly utf8: string }

/** Characters that JSON writes as `\u0001`, six bytes for one. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const GROWS = /[\0-\x07\v\x0e-\x1f]/

export function toWireParameter(parameter: ParameterValue): WireParameter {
  switch (parameter.kind) {
    case 'null':
      return null
    case 'boolean':
      return parameter.value
    case 'text':
      return GROWS.test(parameter.value)
        ? { utf8: Buffer.from(parameter.value).toString('base64') }
        : parameter.value
    case 'bigint':
      return { bigint: parameter.value.toString() }
    case 'double': {
      const { value } = parameter
      // JSON writes -0 as 0, and the others as null
      const exact = Number.isFinite(value) && !Object.is(value, -0)
      return { double: exact ? value : Object.is(value, -0) ? '-0' : String(value) }
    }
    case 'blob':
      return { base64: Buffer.from(parameter.value).toString('base64') }
  }
}

export function fromWireParameter(parameter: WireParameter): ParameterValue {
  if (parameter === null) return { kind: 'null' }
  if (typeof parameter === 'boolean') return { kind: 'boolean', value: parameter }
  if (typeof parameter === 'string') return { kind: 'text', value: parameter }
  if ('bigint' in parameter) return { kind: 'bigint', value: BigInt(parameter.bigint) }
  if ('utf8' in parameter) {
    return { kind: 'text', value: Buffer.from(parameter.utf8, 'base64').toString('utf8') }
  }
  if ('double' in parameter) return { kind: 'double', value: Number(parameter.double) }
  return { kind: 'blob', value: Buffer.from(parameter.base64, 'base64') }
}
