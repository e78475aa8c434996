/** Audit: what is on record, newest first; live; exported; and whether it is whole. */
import { Button, Group, Menu, Switch, Text } from '@mantine/core'
import { IconDownload, IconHistory, IconPlayerStop, IconRefresh } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { AUDIT_TAIL_PATH, auditExportPath } from '../../api/audit.ts'
import type { AuditRecord } from '../../api/audit.ts'
import { useEventStream } from '../../api/event-stream.ts'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { exactTime } from '../../ui/relative-time.ts'
import { AuditFilters } from './audit-filters.tsx'
import { AuditRecordDrawer } from './audit-record-drawer.tsx'
import { auditFilter, matchesSearch } from './audit-search.ts'
import type { AuditSearch } from './audit-search.ts'
import { AuditTable } from './audit-table.tsx'
import { AuditVerify } from './audit-verify.tsx'
import { useAuditResults } from './use-audit-results.ts'
import type { AuditResults } from './use-audit-results.ts'

const route = getRouteApi('/shell/settings/audit')

const RECORDS_MAX = 200
const LIVE_MAX = 200

export function AuditPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [now, setNow] = useState(Date.now) // of the last search: `the last hour` ends here
  const filter = useMemo(() => ({ ...auditFilter(search, now), limit: RECORDS_MAX }), [search, now])
  const { results, stop } = useAuditResults(filter)
  const [isLive, setLive] = useState(false)
  const live = useLiveRecords(isLive)
  const [opened, setOpened] = useState<AuditRecord>()

  const fresh = live.records.filter((record) => matchesSearch(record, search))
  const known = new Set(fresh.map(({ sequence }) => sequence))
  const records = [...fresh, ...results.records.filter(({ sequence }) => !known.has(sequence))]
  const isEmpty = records.length === 0 && results.state !== 'searching'
  return (
    <Page
      title="Audit"
      description="Every login, refusal, statement and act, in a record that shows when something was taken out of it."
      actions={
        <>
          <ExportMenu search={search} now={now} />
          <AuditVerify />
        </>
      }
    >
      <AuditFilters
        key={JSON.stringify(search)}
        search={search}
        onSearch={(next) => {
          void navigate({ search: next, replace: true })
          setNow(Date.now())
        }}
      />
      <Group justify="space-between" gap="sm" mih={34}>
        <Progress results={results} shown={records.length} />
        <Group gap="sm">
          <Switch
            label="Live"
            checked={isLive}
            onChange={(event) => setLive(event.currentTarget.checked)}
          />
          {results.state === 'searching' ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlayerStop size={14} aria-hidden />}
              onClick={stop}
            >
              Stop
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => setNow(Date.now())}
            >
              Search again
            </Button>
          )}
        </Group>
      </Group>
      {isLive && live.state === 'down' && (
        <Text size="sm" c="dimmed" role="status">
          The live view lost its connection to the gateway and tries again.
        </Text>
      )}
      <ProblemNotice error={results.error} />
      <AuditTable
        records={isEmpty ? [] : records.length === 0 ? undefined : records}
        onOpen={setOpened}
        empty={
          <Empty icon={IconHistory} title="Nothing on record fits">
            Choose a longer time or fewer filters. What is done from now on appears here with
            “Live”.
          </Empty>
        }
      />
      <AuditRecordDrawer record={opened} onClose={() => setOpened(undefined)} />
    </Page>
  )
}

function Progress({ results, shown }: { readonly results: AuditResults; readonly shown: number }) {
  return (
    <Text size="sm" c="dimmed" role="status">
      {progressText(results, shown)}
    </Text>
  )
}

function progressText({ state, progress, records }: AuditResults, shown: number): string {
  const found = `${shown.toLocaleString('en')} ${shown === 1 ? 'record' : 'records'}`
  const back = progress && `, looked back to ${exactTime(progress.readBackTo)}`
  switch (state) {
    case 'searching':
      return `Searching: ${found}${back ?? ''} …`
    case 'stopped':
      return `Stopped: ${found}${back ?? ''}. There may be more.`
    case 'failed':
      return `${found} until the error.`
    case 'complete':
      return records.length >= RECORDS_MAX
        ? `The newest ${found}. Narrow the filters, or export, to see more.`
        : `${found}, that is all.`
  }
}

interface ExportMenuProps {
  readonly search: AuditSearch
  readonly now: number
}

function ExportMenu({ search, now }: ExportMenuProps) {
  const path = (format: 'ndjson' | 'csv') => auditExportPath(format, auditFilter(search, now))
  return (
    <Menu width={260}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All that the filters find</Menu.Label>
        <Menu.Item component="a" href={path('ndjson')}>
          NDJSON (one JSON a line)
        </Menu.Item>
        <Menu.Item component="a" href={path('csv')}>
          CSV
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function useLiveRecords(isLive: boolean) {
  const [records, setRecords] = useState<readonly AuditRecord[]>([])
  const state = useEventStream<AuditRecord>(isLive ? AUDIT_TAIL_PATH : undefined, {
    message: (record) => setRecords((kept) => [record, ...kept].slice(0, LIVE_MAX)),
  })
  return { records, state }
}
