/** Lists that come in pages. */
import type { ListClientsData } from './generated/types.gen.ts'

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

/** As the generated client takes it, for every list: without what does not restrict. */
export function pageQuery({
  search,
  after,
  limit,
}: PageRequest): ListClientsData['query'] & object {
  return {
    ...(search === undefined || search === '' ? {} : { search }),
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  }
}
