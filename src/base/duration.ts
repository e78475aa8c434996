/** Lengths of time as people write them: `500ms`, `10s`, `5m`, `12h`, `7d`. */
const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** In milliseconds; undefined for what is no such text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS] : undefined
}

/** The shortest exact spelling. */
export function formatDuration(ms: number): string {
  const units = Object.entries(MILLISECONDS).toReversed()
  const [name, size] = units.find(([, unit]) => ms >= unit && ms % unit === 0) ?? ['ms', 1]
  return `${ms / size}${name}`
}
