/** Resource pools: how many statements run at once, and for how long. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ifMatch, LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { NewPool, Pool, PoolChange } from './generated/types.gen.ts'
import { pageQuery } from './page.ts'
import type { PageRequest } from './page.ts'

export type { Pool, PoolChange } from './generated/types.gen.ts'

export function poolsQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['pools', 'list', page],
    queryFn: async ({ signal }) =>
      (await sdk.listPools({ ...LOUD, query: pageQuery(page), signal })).data,
    placeholderData: keepPreviousData,
  })
}

export async function createPool(pool: NewPool, idempotencyKey: string): Promise<Pool> {
  const headers = { 'idempotency-key': idempotencyKey }
  return (await sdk.createPool({ ...LOUD, body: pool, headers })).data
}

export async function changePool({ name, etag }: Pool, change: PoolChange): Promise<void> {
  await sdk.changePool({ ...LOUD, path: { name }, headers: ifMatch(etag), body: change })
}

export async function dropPool({ name, etag }: Pool): Promise<void> {
  await sdk.dropPool({ ...LOUD, path: { name }, headers: ifMatch(etag) })
}
