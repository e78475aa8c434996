/** Names and texts of ours in statements of ours; what clients write comes quoted by the gate. */
import { assert } from '../../base/assert.ts'

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteFullName(...parts: readonly string[]): string {
  return parts.map(quoteName).join('.')
}

export function literal(text: string): string {
  assert(!text.includes('\0'), 'a literal holds no NUL')
  return `'${text.replaceAll("'", "''")}'`
}
