/** A name as the engine reads it back, whatever it holds. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteFullName(...parts: readonly string[]): string {
  return parts.map(quoteName).join('.')
}
