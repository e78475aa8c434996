/** How many steps a way has, and how long it takes: without the time in which pictures are taken. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const REPORTS = fileURLToPath(new URL('../../../.cache/screenshots/', import.meta.url))

export class CountedSteps {
  readonly #steps: { readonly step: string; readonly seconds: number }[] = []
  readonly #milestones: Record<string, { readonly steps: number; readonly seconds: number }> = {}
  #seconds = 0

  /** One thing that a person does: a click, a field, a command. */
  async step<T>(step: string, act: () => Promise<T>): Promise<T> {
    const result = await this.wait(act)
    this.#steps.push({ step, seconds: Math.round(this.#seconds * 10) / 10 })
    return result
  }

  /** Time that passes, and nothing to do. */
  async wait<T>(what: () => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return await what()
    } finally {
      this.#seconds += (performance.now() - began) / 1000
    }
  }

  reached(milestone: string): void {
    const seconds = Math.round(this.#seconds * 10) / 10
    this.#milestones[milestone] = { steps: this.#steps.length, seconds }
  }

  /** Beside the pictures, as `NAME.json`. */
  write(name: string): void {
    mkdirSync(REPORTS, { recursive: true })
    const report = { reached: this.#milestones, steps: this.#steps }
    writeFileSync(path.join(REPORTS, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  }
}
