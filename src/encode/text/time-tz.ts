/** The engine's packing of a time with its zone: µs << 24, or'ed with 57599 - offset in seconds. */

/** 15:59:59: the engine stores how far an offset is below its greatest one. */
const OFFSET_MAX = 57599

/** What was split last. One set of variables, because an object a value would be garbage. */
export const timeTz = {
  /** Since midnight, local time. */
  micros: 0,
  /** Seconds east of Greenwich. */
  offset: 0,
}

export function splitTimeTz(words: Int32Array, row: number): void {
  const low = words[row * 2] as number
  const high = words[row * 2 + 1] as number
  timeTz.micros = (high >>> 0) * 0x100 + (low >>> 24)
  timeTz.offset = OFFSET_MAX - (low & 0xff_ffff)
}
