/** Who is connected now, and what runs. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'
import type { LiveStatement, Session } from './generated/types.gen.ts'
import { pageQuery } from './page.ts'
import type { PageRequest } from './page.ts'

export type { LiveStatement, Session } from './generated/types.gen.ts'

export function sessionsQuery(page: PageRequest) {
  return queryOptions({
    queryKey: ['sessions', 'list', page],
    queryFn: async ({ signal }) =>
      (await sdk.listSessions({ ...LOUD, query: pageQuery(page), signal })).data,
    placeholderData: keepPreviousData,
  })
}

export async function endSession({ id }: Session): Promise<void> {
  await sdk.endSession({ ...LOUD, path: { id } })
}

export async function cancelStatement({ id }: Session, { queryId }: LiveStatement): Promise<void> {
  await sdk.cancelStatement({ ...LOUD, path: { id, queryId: String(queryId) } })
}
