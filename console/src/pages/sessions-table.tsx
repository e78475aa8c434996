/** Open sessions: who, from where, with what, and what runs. */
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { cancelStatement, endSession } from '../api/sessions.ts'
import type { LiveStatement, Session } from '../api/sessions.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Mono } from '../ui/mono.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { useNow } from '../ui/now.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { duration } from '../ui/relative-time.ts'
import { RowCards } from '../ui/row-cards.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { givenName } from '../ui/tool-name.ts'
import { useNarrow } from '../ui/use-narrow.ts'

/** So that nothing of it is out of sight on a screen that is not narrow. */
const TABLE_WIDTH_MIN = 720
const NARROW = '62em'

interface SessionsTableProps {
  readonly sessions: readonly Session[] | undefined
  readonly stale?: boolean
  readonly empty: ReactNode
}

export function SessionsTable({ sessions, stale = false, empty }: SessionsTableProps) {
  const queries = useQueryClient()
  const [ends, setEnds] = useState<Session>()
  const cancel = useMutation({
    mutationFn: ({ session, statement }: { session: Session; statement: LiveStatement }) =>
      cancelStatement(session, statement),
    onSuccess: () => notifyDone('The statement is being cancelled.'),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const Rows = useNarrow(NARROW) ? RowCards<Session> : DataTable<Session>
  const columns: readonly Column<Session>[] = [
    { title: 'Who', cell: (session) => <Who session={session} /> },
    { title: 'From', width: '24%', cell: (session) => <From session={session} /> },
    { title: 'Database', cell: ({ database }) => database },
    { title: 'Since', cell: ({ startedAt }) => <TimeAgo time={startedAt} /> },
    {
      title: 'Running',
      width: '36%',
      cell: (session) => (
        <Running
          session={session}
          cancelling={cancel.isPending ? cancel.variables.statement : undefined}
          onCancel={(statement) => cancel.mutate({ session, statement })}
        />
      ),
    },
    {
      title: 'Actions',
      titleHidden: true,
      align: 'right',
      cell: (session) => (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          leftSection={<IconPlugConnectedX size={14} aria-hidden />}
          aria-label={`End the session of ${session.name} from ${session.address}`}
          onClick={() => setEnds(session)}
        >
          End
        </Button>
      ),
    },
  ]
  return (
    <>
      <ProblemNotice error={cancel.error} />
      <Rows
        label="Open sessions"
        columns={columns}
        rows={sessions}
        rowKey={({ id }) => id}
        stale={stale}
        minWidth={TABLE_WIDTH_MIN}
        empty={empty}
      />
      {ends && (
        <ConfirmDialog
          title={`End the session of ${ends.name}`}
          confirmLabel="End session"
          danger
          act={() => endSession(ends)}
          onDone={() => {
            notifyDone(`The session of ${ends.name} has ended.`)
            setEnds(undefined)
            void queries.invalidateQueries({ queryKey: ['sessions'] })
          }}
          onClose={() => setEnds(undefined)}
        >
          <Text size="sm">
            Its running statements are cancelled and what it has not committed is rolled back. Tools
            often connect again by themselves: to keep {ends.name} out, disable it.
          </Text>
        </ConfirmDialog>
      )}
    </>
  )
}

function Who({ session: { principalKind, name, role } }: { readonly session: Session }) {
  return (
    <>
      {principalKind === 'client' ? (
        <TextLink to="/settings/access-tokens/$name" params={{ name }} fw={550} inherit>
          {name}
        </TextLink>
      ) : (
        <Text span inherit fw={550}>
          {name}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {KINDS[principalKind]}, role {role}
      </Text>
    </>
  )
}

const KINDS = { client: 'client', user: 'user', local: 'local administrator' } as const

function From({ session: { address, tool, door, tlsVersion } }: { readonly session: Session }) {
  return (
    <>
      <Mono>{address}</Mono>
      <Text size="xs" c="dimmed" lineClamp={2}>
        {[givenName(tool), door, tlsVersion?.replace(/^TLSv/, 'TLS ')].filter(Boolean).join(' · ')}
      </Text>
    </>
  )
}

interface RunningProps {
  readonly session: Session
  readonly cancelling: LiveStatement | undefined
  readonly onCancel: (statement: LiveStatement) => void
}

function Running({ session, cancelling, onCancel }: RunningProps) {
  const now = useNow()
  const { statements, transactionStatus, busy, name } = session
  if (statements.length === 0) {
    const waits = transactionStatus !== 'idle'
    return (
      <Group gap={6}>
        <Text span inherit c="dimmed">
          {busy ? 'Busy' : 'Idle'}
        </Text>
        {waits && (
          <Badge color="orange" variant="light">
            {transactionStatus.replaceAll('_', ' ')}
          </Badge>
        )}
      </Group>
    )
  }
  return (
    <Stack gap={6}>
      {statements.map((statement) => (
        <Group key={statement.queryId} gap="xs" justify="space-between">
          <div style={{ flex: '1 1 10rem', minWidth: 0 }}>
            <Mono lineClamp={2}>{statement.text}</Mono>
            <Text size="xs" c="dimmed">
              for {duration(Math.max(0, now - Date.parse(statement.startedAt)))}
              {statement.rows !== undefined &&
                statement.rows > 0 &&
                `, ${statement.rows.toLocaleString('en')} rows`}
            </Text>
          </div>
          <Button
            size="compact-sm"
            variant="default"
            style={{ flex: 'none' }}
            loading={cancelling === statement}
            aria-label={`Cancel statement ${statement.queryId} of ${name}`}
            onClick={() => onCancel(statement)}
          >
            Cancel
          </Button>
        </Group>
      ))}
    </Stack>
  )
}
