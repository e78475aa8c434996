/** One load, from its file to its rows. What was chosen stays while it runs, for another try. */
import { Alert, Button, Group, Paper, Progress, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { loadQuery, removeLoad, startLoad } from '../../api/loads.ts'
import type { Load, LoadStart } from '../../api/loads.ts'
import { byteSize } from '../../ui/byte-size.ts'
import { LinkButton } from '../../ui/link-button.tsx'
import { notifyDone } from '../../ui/notify.tsx'
import { useOfNow } from '../../ui/now.ts'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { duration } from '../../ui/relative-time.ts'
import { firstChoice, fullName } from './load-choice.ts'
import type { LoadChoice } from './load-choice.ts'
import { LoadFailure } from './load-failure.tsx'
import { LoadPrepare } from './load-prepare.tsx'
import { LoadSuccess, rowCount } from './load-success.tsx'

export function LoadView({ id }: { readonly id: string }) {
  const load = useQuery(loadQuery(id))
  const [made, setMade] = useState<LoadChoice>()
  if (load.error && !load.data) return <Gone error={load.error} />
  if (!load.data) return <Skeleton height={220} />
  const choice = made ?? firstChoice(load.data.fileName, load.data.table, load.data.mode)
  return (
    <Stack gap="lg">
      <FileLine load={load.data} />
      <LoadState load={load.data} choice={choice} onChoose={setMade} />
    </Stack>
  )
}

interface LoadStateProps {
  readonly load: Load
  readonly choice: LoadChoice
  readonly onChoose: (choice: LoadChoice) => void
}

function LoadState({ load, choice, onChoose }: LoadStateProps) {
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: (request: LoadStart) => startLoad(load.id, request),
    onSuccess: (started) => queries.setQueryData(loadQuery(load.id).queryKey, started),
    onSettled: () => queries.invalidateQueries({ queryKey: ['loads'] }),
  })
  switch (load.state) {
    case 'running':
      return <Running load={load} />
    case 'succeeded':
      return <LoadSuccess load={load} />
    case 'cancelled':
      return (
        <Alert color="gray" role="status" title="This load was cancelled: nothing was loaded.">
          <Text size="sm">Send the file again to load it.</Text>
        </Alert>
      )
    case 'uploaded':
    case 'failed':
      return (
        <>
          {load.state === 'failed' && <LoadFailure load={load} />}
          <LoadPrepare load={load} choice={choice} onChoose={onChoose} start={start} />
        </>
      )
  }
}

function FileLine({ load: { fileName, bytes, format } }: { readonly load: Load }) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Text span inherit fw={550}>
          {fileName}
        </Text>{' '}
        <Text span inherit c="dimmed">
          {format === 'csv' ? 'CSV' : 'Parquet'}, {byteSize(bytes)}
        </Text>
      </Text>
      <LinkButton to="/data" search={{}} variant="default" size="compact-sm">
        Load another file
      </LinkButton>
    </Group>
  )
}

function Running({ load }: { readonly load: Load }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const cancel = useMutation({
    mutationFn: () => removeLoad(load.id),
    onSuccess: (ended) => {
      notifyDone(
        ended.state === 'succeeded'
          ? `It was too late to cancel: ${rowCount(ended.rowsLoaded)} are in ${nameOfTable(ended)}.`
          : `Cancelled: nothing of ${load.fileName} was loaded.`,
      )
      void queries.invalidateQueries({ queryKey: ['loads', 'list'] })
      void navigate({ to: '/data', search: {} })
    },
  })
  const { startedAt, percent } = load
  const elapsed = useOfNow((now) =>
    startedAt === undefined || now - Date.parse(startedAt) < 1_000
      ? ''
      : duration(now - Date.parse(startedAt)),
  )
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Text fw={550} role="status" style={{ overflowWrap: 'anywhere' }}>
            Loading into {nameOfTable(load)} …
          </Text>
          <Button
            variant="default"
            size="compact-sm"
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel
          </Button>
        </Group>
        <Progress.Root size="lg">
          {percent === undefined ? (
            <Progress.Section value={100} withAria={false} animated striped />
          ) : (
            <Progress.Section value={percent} aria-label={`Loading ${load.fileName}`} />
          )}
        </Progress.Root>
        <Text size="sm" c="dimmed">
          {percent === undefined ? 'Under way' : `${Math.floor(percent)} % of the file`}
          {elapsed !== '' && `, ${elapsed}`}. It goes on when you leave this page, and nobody sees a
          row of it before the last one is there.
        </Text>
        <ProblemNotice error={cancel.error} />
      </Stack>
    </Paper>
  )
}

function Gone({ error }: { readonly error: unknown }) {
  return (
    <ProblemNotice error={error}>
      <Text size="sm" mt={4}>
        Files that nobody uses for an hour are removed. Send it again.
      </Text>
      <LinkButton to="/data" search={{}} variant="default" size="compact-sm" mt="xs">
        Load a file
      </LinkButton>
    </ProblemNotice>
  )
}

function nameOfTable({ table }: Load): string {
  return table ? fullName(table) : 'a table'
}
