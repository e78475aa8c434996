/** `912 B`, `205 kB`, `1.4 GB`: decimal units, as file managers show them. */
const UNITS = ['kB', 'MB', 'GB', 'TB'] as const

export function byteSize(bytes: number): string {
  let size = bytes
  let name = 'B'
  for (const unit of UNITS) {
    if (size < 999.5) break
    size /= 1_000
    name = unit
  }
  const digits = name !== 'B' && size < 10 ? 1 : 0
  return `${size.toFixed(digits)} ${name}`
}
