/**
 * Lists in the engine's own text: `["a b", NULL, "c\"d"]`.
 *
 * Elements are always quoted, because the engine takes quotes off every element type and reads an
 * unquoted NULL, comma or bracket as its own. JSON is the exception: there the list is one document.
 */
import type { ParameterValue } from '../../../columnar/parameter-value.ts'
import type { Form } from './parameter-type.ts'
import { badText } from './refuse-parameter.ts'

/** A list's elements, or lists of them. */
export type ListItems = readonly (ParameterValue | ListItems)[]

/** @throws GatewayError `invalid_text_representation` for an element that is not JSON, of JSON. */
export function listText(items: ListItems, form: Form): string {
  const texts = items.map((item) => {
    if (isList(item)) return listText(item, form)
    if (item.kind === 'null') return form === 'json' || form === 'jsonb' ? 'null' : 'NULL'
    const text = elementText(item)
    return form === 'json' || form === 'jsonb' ? document(text) : quoted(text)
  })
  return `[${texts.join(', ')}]`
}

function isList(item: ParameterValue | ListItems): item is ListItems {
  return Array.isArray(item)
}

/** Checked here: text that is not one document would become two elements, or none. */
function document(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    throw badText('json')
  }
  return text
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
}

export function elementText(value: Exclude<ParameterValue, { kind: 'null' }>): string {
  switch (value.kind) {
    case 'text':
      return value.value
    case 'boolean':
    case 'bigint':
      return String(value.value)
    case 'double':
      return Object.is(value.value, -0) ? '-0.0' : String(value.value)
    case 'blob':
      return blobText(value.value)
  }
}

/** `\x01` for every byte: the engine's text of a blob. */
function blobText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replaceAll(/../g, '\\x$&')
}
