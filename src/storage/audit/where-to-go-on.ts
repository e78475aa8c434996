/** Decides, at the start, which line the chain goes on from. Reads and writes nothing. */
import type { AuditAnchor } from './audit-anchor.ts'
import { GENESIS } from './audit-chain.ts'
import type { ChainHead } from './audit-chain.ts'
import type { RecoveredTail } from './recover-tail.ts'

export interface GoingOn {
  /** Where the chain goes on. */
  readonly head: ChainHead
  readonly anchorHead: ChainHead
  /** Undefined where no anchor can say. */
  readonly oldest: AuditAnchor['oldest'] | undefined
  readonly losses: readonly string[]
}

/**
 * The chain goes on from the last line, except where the anchor proves that there were later ones:
 * then it goes on from those, so that the gap stays visible for ever.
 */
export function whereToGoOn(
  tail: RecoveredTail,
  known: AuditAnchor | undefined | 'damaged',
): GoingOn {
  if (known === undefined && !tail.segment && tail.repairs.length === 0) {
    return { head: GENESIS, anchorHead: GENESIS, oldest: undefined, losses: [] }
  }
  if (known === undefined || known === 'damaged') {
    const what = known === 'damaged' ? 'damaged' : 'missing'
    return {
      head: { sequence: tail.head.sequence, hash: `${tail.head.hash} and perhaps more` },
      anchorHead: tail.head,
      oldest: undefined,
      losses: [`the anchor was ${what}: whether records were taken from the end cannot be known`],
    }
  }
  const anchorHead = known.head
  if (known.head.sequence > tail.head.sequence) {
    const missing = `${tail.head.sequence + 1} to ${known.head.sequence}`
    const losses = [`records ${missing} are missing`]
    return { head: known.head, anchorHead, oldest: known.oldest, losses }
  }
  if (known.head.hash === GENESIS.hash && !tail.segment) {
    return { head: GENESIS, anchorHead, oldest: undefined, losses: [] } // it never got to a segment
  }
  return { head: tail.head, anchorHead, oldest: known.oldest, losses: [] }
}
