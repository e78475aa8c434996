/** What happened in a soak, counted; what must not happen, kept word for word. */

/** Of what must not happen: enough to see what it is. */
const VIOLATIONS_KEPT = 20

export class Tally {
  statements = 0
  /** By SQLSTATE. */
  readonly errors: Record<string, number> = {}
  violationCount = 0
  readonly violations: string[] = []

  error(sqlState: string | undefined): void {
    const name = sqlState ?? 'no SQLSTATE'
    this.errors[name] = (this.errors[name] ?? 0) + 1
  }

  violation(text: string): void {
    this.violationCount += 1
    if (this.violations.length < VIOLATIONS_KEPT) this.violations.push(text)
  }
}
