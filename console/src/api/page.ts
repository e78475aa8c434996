/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Of all pages. */
  readonly total: number
  /** Where the next page begins; null on the last. */
  readonly next: string | null
}

export interface PageRequest {
  readonly search?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number
}
