/** A bar on a terminal while a file is sent and loaded; nothing anywhere else. */
import { SingleBar } from 'cli-progress'

export class LoadProgress {
  readonly #stream: NodeJS.WritableStream | undefined
  #bar: SingleBar | undefined
  #phase = ''

  /** @param stream A terminal; undefined: nothing is shown. */
  constructor(stream: NodeJS.WritableStream | undefined) {
    this.#stream = stream
  }

  /** @param share From 0 to 1. */
  show(phase: string, share: number): void {
    if (!this.#stream) return
    if (phase !== this.#phase) {
      this.end()
      this.#phase = phase
      this.#bar = new SingleBar({
        stream: this.#stream,
        format: `${phase} {bar} {percentage} %`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        hideCursor: true,
        clearOnComplete: true,
        gracefulExit: false, // a signal is the command's to answer
      })
      this.#bar.start(1_000, 0)
    }
    this.#bar?.update(Math.min(1_000, Math.round(share * 1_000)))
  }

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop()
    this.#bar = undefined
    this.#phase = ''
  }
}
