/** Pools: how many statements run at once, who waits, and for how long. */
import { Badge, Button, Group, Text } from '@mantine/core'
import { IconPencil, IconPlus, IconStack2, IconStar, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { poolsQuery } from '../api/pools.ts'
import type { Pool } from '../api/pools.ts'
import { PoolActDialog } from '../forms/pool-acts.tsx'
import type { PoolAct } from '../forms/pool-acts.tsx'
import { PoolCreate } from '../forms/pool-create.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { RowMenu } from '../ui/row-menu.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { PAGE_SIZE, usePages } from '../ui/use-pages.ts'

const route = getRouteApi('/shell/settings/pools')

export function PoolsPage() {
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const pages = usePages()
  const pools = useQuery(poolsQuery({ search, after: pages.after, limit: PAGE_SIZE }))
  const [creates, setCreates] = useState(false)
  const [asked, setAsked] = useState<{ readonly act: PoolAct; readonly pool: Pool }>()

  const columns: readonly Column<Pool>[] = [
    {
      title: 'Pool',
      cell: ({ name, isDefault }) => (
        <Group gap="xs">
          <Text span inherit fw={550}>
            {name}
          </Text>
          {isDefault && (
            <Badge color="teal" variant="light">
              Default
            </Badge>
          )}
        </Group>
      ),
    },
    {
      title: 'Statements at once',
      align: 'right',
      cell: ({ concurrency }) => <Limit value={concurrency} />,
    },
    {
      title: 'Longest wait',
      align: 'right',
      cell: ({ queueWaitSeconds }) => <Limit value={queueWaitSeconds} unit=" s" />,
    },
    {
      title: 'Longest run',
      align: 'right',
      cell: ({ runSeconds }) => <Limit value={runSeconds} unit=" s" />,
    },
    { title: 'Running', align: 'right', cell: ({ running }) => running.toLocaleString('en') },
    {
      title: 'Waiting',
      align: 'right',
      cell: ({ waiting }) =>
        waiting === 0 ? (
          '0'
        ) : (
          <Badge color="orange" variant="light">
            {waiting.toLocaleString('en')}
          </Badge>
        ),
    },
    {
      title: 'Actions',
      titleHidden: true,
      align: 'right',
      cell: (pool) => {
        const ask = (act: PoolAct) => () => setAsked({ act, pool })
        const forbidden = pool.isDefault ? 'It is the default pool.' : undefined
        return (
          <RowMenu
            label={`Actions of ${pool.name}`}
            acts={[
              { label: 'Edit', icon: IconPencil, run: ask('edit') },
              { label: 'Make default', icon: IconStar, forbidden, run: ask('default') },
              { label: 'Drop', icon: IconTrash, danger: true, forbidden, run: ask('drop') },
            ]}
          />
        )
      },
    },
  ]
  return (
    <Page
      title="Pools"
      description="A pool says how many statements run at once and for how long; the others wait in line. A session chooses one when it connects, or with USE POOL. Administrators never wait."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreates(true)}>
          Create pool
        </Button>
      }
    >
      <SearchField
        label="Search pools"
        value={search}
        onSearch={(text) => {
          pages.reset()
          void navigate({ search: text === '' ? {} : { search: text }, replace: true })
        }}
      />
      {pools.error ? (
        <ProblemNotice error={pools.error} />
      ) : (
        <>
          <DataTable
            label="Pools"
            columns={columns}
            rows={pools.data?.items}
            rowKey={({ id }) => id}
            stale={pools.isPlaceholderData}
            minWidth={820}
            empty={
              <Empty icon={IconStack2} title={`No pool matches “${search}”`}>
                The search looks into names.
              </Empty>
            }
          />
          <Pager pages={pages} page={pools.data} noun="pool" />
        </>
      )}
      {creates && <PoolCreate onClose={() => setCreates(false)} />}
      {asked && (
        <PoolActDialog
          act={asked.act}
          pool={asked.pool}
          onClose={() => {
            setAsked(undefined)
            void queries.invalidateQueries({ queryKey: ['pools'] })
          }}
        />
      )}
    </Page>
  )
}

function Limit({
  value,
  unit = '',
}: {
  readonly value: number | undefined
  readonly unit?: string
}) {
  if (value === undefined)
    return (
      <Text span inherit c="dimmed">
        No limit
      </Text>
    )
  return `${value.toLocaleString('en')}${unit}`
}
