/** Under what a creation may be asked for twice: see `creations.ts`. */

/** Digests, so that what a caller chose as a key is stored nowhere. */
export interface CreationKey {
  /** Of the caller and the key that it chose. */
  readonly key: string
  /** Of everything that was asked for. */
  readonly request: string
}
