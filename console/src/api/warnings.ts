/** What an administrator should know and do. */
import { queryOptions } from '@tanstack/react-query'
import { LOUD } from './gateway.ts'
import * as sdk from './generated/sdk.gen.ts'

export type { Warning } from './generated/types.gen.ts'

/** Worst first. */
export const warningsQuery = queryOptions({
  queryKey: ['warnings'],
  queryFn: async ({ signal }) => (await sdk.listWarnings({ ...LOUD, signal })).data.items,
})
