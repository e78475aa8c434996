/** The loads of whoever is signed in: how far each is, and the way back to it. */
import { Badge, Stack, Text, Title } from '@mantine/core'
import { IconTableImport, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { removeLoad } from '../../api/loads.ts'
import type { Load } from '../../api/loads.ts'
import { byteSize } from '../../ui/byte-size.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { notifyDone } from '../../ui/notify.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { RowMenu } from '../../ui/row-menu.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { fullName } from './load-choice.ts'
import { rowCount } from './load-success.tsx'

interface RecentLoadsProps {
  readonly loads: UseQueryResult<readonly Load[]>
  /** The one that the page shows. */
  readonly opened: string | undefined
}

export function RecentLoads({ loads, opened }: RecentLoadsProps) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [removes, setRemoves] = useState<Load>()
  const columns: readonly Column<Load>[] = [
    { title: 'File', cell: (load) => <FileCell load={load} /> },
    { title: 'Table', cell: ({ table }) => (table ? fullName(table) : <None />) },
    { title: 'State', cell: (load) => <StateBadge load={load} /> },
    { title: 'Result', cell: (load) => <Result load={load} /> },
    { title: 'Sent', cell: ({ uploadedAt }) => <TimeAgo time={uploadedAt} /> },
    {
      title: 'Actions',
      titleHidden: true,
      align: 'right',
      cell: (load) => (
        <RowMenu
          label={`Actions of ${load.fileName}`}
          acts={[
            {
              label: load.state === 'running' ? 'Cancel and remove' : 'Remove',
              icon: IconTrash,
              danger: true,
              run: () => setRemoves(load),
            },
          ]}
        />
      ),
    },
  ]
  return (
    <Stack gap="sm" component="section" aria-labelledby="recent-loads">
      <Title order={2} size="h4" id="recent-loads">
        Recent loads
      </Title>
      {loads.error && !loads.data ? (
        <ProblemNotice error={loads.error} />
      ) : (
        <DataTable
          label="Recent loads"
          columns={columns}
          rows={loads.data}
          rowKey={({ id }) => id}
          minWidth={780}
          empty={
            <Empty icon={IconTableImport} title="Nothing loaded yet">
              Drop a file above. What you load is listed here for an hour.
            </Empty>
          }
        />
      )}
      {removes && (
        <RemoveLoad
          load={removes}
          onDone={() => {
            notifyDone(`${removes.fileName} was removed from the list.`)
            if (removes.id === opened) void navigate({ to: '/data', search: {} })
            setRemoves(undefined)
            void queries.invalidateQueries({ queryKey: ['loads', 'list'] })
          }}
          onClose={() => setRemoves(undefined)}
        />
      )}
    </Stack>
  )
}

interface RemoveLoadProps {
  readonly load: Load
  readonly onDone: () => void
  readonly onClose: () => void
}

function RemoveLoad({ load, onDone, onClose }: RemoveLoadProps) {
  const isRunning = load.state === 'running'
  return (
    <ConfirmDialog
      title={isRunning ? `Cancel ${load.fileName}` : `Remove ${load.fileName}`}
      confirmLabel={isRunning ? 'Cancel and remove' : 'Remove'}
      danger
      act={() => removeLoad(load.id)}
      onDone={onDone}
      onClose={onClose}
    >
      <Text size="sm">{WHAT_GOES[load.state]}</Text>
    </ConfirmDialog>
  )
}

const WHAT_GOES: Record<Load['state'], string> = {
  uploaded: 'The gateway forgets the file. Nothing of it was loaded.',
  running: 'The load is stopped and the file goes. Nothing of it will have been loaded.',
  succeeded: 'Only the line in this list goes: the table and its rows stay.',
  failed: 'The gateway forgets the file and its report. Nothing of it was loaded.',
  cancelled: 'Only the line in this list goes.',
}

function FileCell({ load: { id, fileName, bytes } }: { readonly load: Load }) {
  return (
    <>
      <TextLink
        to="/data"
        search={{ load: id }}
        fw={550}
        inherit
        style={{ overflowWrap: 'anywhere' }}
      >
        {fileName}
      </TextLink>
      <Text size="xs" c="dimmed">
        {byteSize(bytes)}
      </Text>
    </>
  )
}

const STATES = {
  uploaded: { label: 'Not started', color: 'gray' },
  running: { label: 'Loading', color: 'gate' },
  succeeded: { label: 'Loaded', color: 'teal' },
  failed: { label: 'Failed', color: 'red' },
  cancelled: { label: 'Cancelled', color: 'gray' },
} as const satisfies Record<Load['state'], unknown>

function StateBadge({ load: { state, percent } }: { readonly load: Load }) {
  const { label, color } = STATES[state]
  return (
    <Badge color={color} variant="light">
      {percent === undefined ? label : `${label} ${Math.floor(percent)} %`}
    </Badge>
  )
}

function Result({ load }: { readonly load: Load }) {
  const { state, rowsLoaded, badRowCount, badRowsUncounted, error } = load
  if (state === 'succeeded') return rowCount(rowsLoaded)
  if (badRowCount > 0) {
    return `${badRowsUncounted ? 'more than ' : ''}${rowCount(badRowCount)} bad`
  }
  return error ? (
    <Text span inherit lineClamp={2}>
      {error.title}
    </Text>
  ) : (
    <None />
  )
}

function None() {
  return (
    <Text span inherit c="dimmed">
      –
    </Text>
  )
}
