/** Everything that is on record about one event. */
import { Badge, Drawer, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { AuditRecord } from '../../api/audit.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Mono } from '../../ui/mono.tsx'
import { duration, exactTime } from '../../ui/relative-time.ts'
import { OUTCOME_COLORS } from './audit-table.tsx'

interface AuditRecordDrawerProps {
  readonly record: AuditRecord | undefined
  readonly onClose: () => void
}

export function AuditRecordDrawer({ record, onClose }: AuditRecordDrawerProps) {
  return (
    <Drawer
      opened={record !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={record && `Record ${record.sequence.toLocaleString('en')}`}
    >
      {record && <Body record={record} />}
    </Drawer>
  )
}

function Body({ record }: { readonly record: AuditRecord }) {
  const { outcome, details, error, reason, objects, missingGrants } = record
  const [began, recorded] = [exactTime(record.startedAt), exactTime(record.time)]
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ['What', `${record.action.replaceAll('_', ' ')} (${record.category})`],
          [
            'Outcome',
            <Badge key="outcome" color={OUTCOME_COLORS[outcome]} variant="light">
              {outcome}
            </Badge>,
          ],
          ...optional('Began', began === recorded ? undefined : began),
          ['Recorded', recorded],
          ['Who', record.username],
          ...optional('Role', record.roleName),
          ['From', <Mono key="from">{record.address}</Mono>],
          ...optional('Tool', record.clientVersion),
          ['Door', [record.door, record.tlsVersion].filter(Boolean).join(', ')],
          ['Initiated by', record.initiatedBy],
          ...optional('Token', record.tokenId && <Mono key="token">{record.tokenId}</Mono>),
          ...optional('Session', record.sessionId && <Mono key="session">{record.sessionId}</Mono>),
          ...optional('Statement', record.queryId?.toString()),
          ...optional('Rows', record.rows?.toLocaleString('en')),
          ...optional('Bytes', record.bytes?.toLocaleString('en')),
          ...optional(
            'Took',
            record.durationMs === undefined ? undefined : duration(record.durationMs),
          ),
          ...optional('Pool', record.pool),
          ...optional('Waited', record.queuedMs && duration(record.queuedMs)),
          ...optional('Limit', record.limit),
          ...optional('Reason', reason?.replaceAll('_', ' ')),
        ]}
      />
      {details !== undefined && details !== '' && <CodeBlock label="Details" text={details} />}
      {error !== undefined && <CodeBlock label="Error" text={error} />}
      {missingGrants !== undefined && missingGrants.length > 0 && (
        <CodeBlock label="Would have been allowed with" text={missingGrants.join('\n')} />
      )}
      {objects !== undefined && objects.length > 0 && (
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            Objects touched
          </Text>
          {objects.map((object) => (
            <Text key={object} size="sm">
              <Mono>{object}</Mono>
            </Text>
          ))}
        </div>
      )}
    </Stack>
  )
}

function optional(name: string, value: ReactNode): (readonly [string, ReactNode])[] {
  return value === undefined || value === '' ? [] : [[name, value]]
}
