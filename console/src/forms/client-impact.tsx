/** What stops working when a client is cut off: shown before it is. */
import { Alert, List, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { impactQuery } from '../api/clients.ts'
import type { ClientImpact as Impact } from '../api/clients.ts'
import { Mono } from '../ui/mono.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { toolName } from '../ui/tool-name.ts'

const SHOWN_MAX = 5

/** @param when `at once`, or when it ends instead. */
export function ClientImpact({ name, when }: { readonly name: string; readonly when: string }) {
  const impact = useQuery(impactQuery(name))
  if (impact.error) return <ProblemNotice error={impact.error} />
  if (!impact.data) return <Skeleton height={96} radius="md" aria-label="Looking what uses it" />
  const { openSessions, recentUses, jobs, schedules } = impact.data
  const isUnused =
    openSessions.length === 0 && recentUses.length === 0 && !jobs && schedules.length === 0
  if (isUnused) {
    return (
      <Alert color="gray" p="sm">
        Nothing uses it now, and nothing has in the last 30 days.
      </Alert>
    )
  }
  return (
    <Alert color="orange" p="sm" title={`What stops working ${when}`}>
      <Stack gap="xs">
        <OpenSessions sessions={openSessions} />
        <RecentUses uses={recentUses} />
        {jobs && <Text size="sm">Jobs run as this client: every job will fail.</Text>}
        {schedules.length > 0 && <Text size="sm">Schedules: {schedules.join(', ')}</Text>}
      </Stack>
    </Alert>
  )
}

function OpenSessions({ sessions }: { readonly sessions: Impact['openSessions'] }) {
  if (sessions.length === 0) return <Text size="sm">No session is open now.</Text>
  return (
    <div>
      <Text size="sm" fw={500}>
        {sessions.length === 1
          ? '1 session is open now'
          : `${sessions.length} sessions are open now`}
      </Text>
      <List size="sm">
        {sessions.slice(0, SHOWN_MAX).map(({ id, tool, address, startedAt }) => (
          <List.Item key={id}>
            {toolName(tool)} from <Mono>{address}</Mono>, since <TimeAgo time={startedAt} />
          </List.Item>
        ))}
      </List>
      <More count={sessions.length - SHOWN_MAX} />
    </div>
  )
}

function RecentUses({ uses }: { readonly uses: Impact['recentUses'] }) {
  if (uses.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={500}>
        Used in the last 30 days
      </Text>
      <List size="sm">
        {uses.slice(0, SHOWN_MAX).map(({ tool, address, lastUsedAt, uses: times }) => (
          <List.Item key={`${tool} ${address}`}>
            {toolName(tool)} from <Mono>{address}</Mono>, {times === 1 ? 'once' : `${times} times`},
            last <TimeAgo time={lastUsedAt} />
          </List.Item>
        ))}
      </List>
      <More count={uses.length - SHOWN_MAX} />
    </div>
  )
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? (
    <Text size="sm" c="dimmed">
      and {count} more
    </Text>
  ) : null
}
