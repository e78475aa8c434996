/** How answers are kept: shown at once when known, asked again when the gateway tells of a change. */
import { MutationCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'

const RETRIES_MAX = 2

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false, // `live-changes.ts` does that, in the background
      refetchOnReconnect: false, // the stream of changes connects again then
      // The gateway's own refusals stay refusals; only what never reached it is tried again.
      retry: (failures, error) =>
        failures < RETRIES_MAX && error instanceof ApiError && error.problem.status === 0,
    },
    mutations: { retry: false },
  },
  mutationCache: new MutationCache({
    // Somebody else was first: what is shown is old, so the newest is fetched for the next try.
    onError: (error) => {
      if (error instanceof ApiError && error.isConflict) void queryClient.invalidateQueries()
    },
  }),
})
