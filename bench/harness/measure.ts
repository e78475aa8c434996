/**
 * Interleaved measurement of two sides: A B A B …, and the ratio of each pair.
 *
 * The machines this runs on are noisy: the same command varies twofold within minutes. A ratio of
 * neighbours in time survives that; a single figure does not.
 */
export interface Comparison {
  readonly question: string
  readonly unit: string
  /** Medians over the pairs. */
  readonly bluegate: number
  readonly peer: number
  readonly peerName: string
  /** Median of `bluegate / peer` pair by pair, and its range. */
  readonly ratio: number
  readonly ratioMin: number
  readonly ratioMax: number
  readonly aim: string
  readonly pairs: number
}

export interface Measurement {
  readonly question: string
  readonly unit: string
  readonly peerName: string
  /** In words, such as `≥ 1.5`. */
  readonly aim: string
  readonly pairs: number
  /** One measurement of ours; higher is better unless the unit says otherwise. */
  readonly bluegate: () => Promise<number>
  readonly peer: () => Promise<number>
}

/** One uncounted pair to warm both sides, then `pairs` counted ones. */
export async function compare(measurement: Measurement): Promise<Comparison> {
  const { bluegate, peer, pairs } = measurement
  await bluegate()
  await peer()
  const ours: number[] = []
  const theirs: number[] = []
  const ratios: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const one = await bluegate()
    const other = await peer()
    ours.push(one)
    theirs.push(other)
    ratios.push(one / other)
  }
  const { question, unit, peerName, aim } = measurement
  return {
    question,
    unit,
    peerName,
    aim,
    pairs,
    bluegate: median(ours),
    peer: median(theirs),
    ratio: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  }
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** @param q 0 to 1; nearest rank. @throws when there are no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]
  if (value === undefined) throw new Error('no values to take a quantile of')
  return value
}
