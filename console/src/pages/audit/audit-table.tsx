/** Records of the audit, one a row. */
import { Anchor, Badge, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { AuditRecord, Outcome } from '../../api/audit.ts'
import { DataTable } from '../../ui/data-table.tsx'
import type { Column } from '../../ui/data-table.tsx'
import { Mono } from '../../ui/mono.tsx'
import { useOfNow } from '../../ui/now.ts'
import { exactTime, timeAgo } from '../../ui/relative-time.ts'

interface AuditTableProps {
  readonly records: readonly AuditRecord[] | undefined
  readonly onOpen: (record: AuditRecord) => void
  readonly empty: ReactNode
}

export const OUTCOME_COLORS = {
  succeeded: 'teal',
  failed: 'red',
  refused: 'orange',
  cancelled: 'gray',
} as const satisfies Record<Outcome, string>

export function AuditTable({ records, onOpen, empty }: AuditTableProps) {
  const columns: readonly Column<AuditRecord>[] = [
    { title: 'When', cell: (record) => <Opener record={record} onOpen={onOpen} /> },
    {
      title: 'Who',
      cell: ({ username, address }) => (
        <>
          <Text span inherit fw={550}>
            {username}
          </Text>
          <Text size="xs" c="dimmed">
            <Mono>{address}</Mono>
          </Text>
        </>
      ),
    },
    {
      title: 'What',
      cell: ({ action, category }) => (
        <>
          {action.replaceAll('_', ' ')}
          <Text size="xs" c="dimmed">
            {category}
          </Text>
        </>
      ),
    },
    {
      title: 'Outcome',
      cell: ({ outcome }) => (
        <Badge color={OUTCOME_COLORS[outcome]} variant="light">
          {outcome}
        </Badge>
      ),
    },
    {
      title: 'Details',
      width: '42%',
      cell: ({ details, error, outcome }) => (
        <>
          {details !== undefined && details !== '' && <Mono lineClamp={2}>{details}</Mono>}
          {error !== undefined && (
            <Text size="xs" lineClamp={2} c="dimmed">
              {error.replace(`${outcome}: `, '')}
            </Text>
          )}
        </>
      ),
    },
  ]
  return (
    <DataTable
      label="Records"
      columns={columns}
      rows={records}
      rowKey={({ sequence }) => sequence}
      minWidth={940}
      empty={empty}
    />
  )
}

function Opener({
  record,
  onOpen,
}: Pick<AuditTableProps, 'onOpen'> & { readonly record: AuditRecord }) {
  const { time, action, username } = record
  const when = useOfNow((now) => timeAgo(time, now))
  return (
    <Anchor
      component="button"
      type="button"
      inherit
      style={{ whiteSpace: 'nowrap' }}
      title={exactTime(time)}
      aria-label={`Details of ${action.replaceAll('_', ' ')} by ${username}, ${exactTime(time)}`}
      onClick={() => onOpen(record)}
    >
      <time dateTime={time}>{when}</time>
    </Anchor>
  )
}
