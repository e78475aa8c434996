/** The filters of the audit. Sent with Enter or the button, because each search is itself on record. */
import { Button, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { CATEGORIES, OUTCOMES } from '../../api/audit.ts'
import { readAuditSearch, SINCE_DEFAULT } from './audit-search.ts'
import type { AuditSearch, Since } from './audit-search.ts'

interface AuditFiltersProps {
  readonly search: AuditSearch
  readonly onSearch: (search: AuditSearch) => void
}

const TIMES: readonly { readonly value: Since; readonly label: string }[] = [
  { value: 'hour', label: 'Last hour' },
  { value: 'day', label: 'Last 24 hours' },
  { value: 'week', label: 'Last 7 days' },
  { value: 'month', label: 'Last 30 days' },
  { value: 'ever', label: 'Any time' },
  { value: 'between', label: 'Between …' },
]

export function AuditFilters({ search, onSearch }: AuditFiltersProps) {
  const [draft, setDraft] = useState<Record<string, string | undefined>>({ ...search })
  const first = useRef<HTMLInputElement>(null)
  useHotkeys([['/', () => first.current?.focus()]])
  const set = (key: string) => (event: { readonly currentTarget: { readonly value: string } }) => {
    const { value } = event.currentTarget
    setDraft((kept) => ({ ...kept, [key]: value }))
  }
  const field = (key: keyof AuditSearch) => ({ value: draft[key] ?? '', onChange: set(key) })
  const since = draft['since'] ?? SINCE_DEFAULT
  return (
    <form
      role="search"
      aria-label="Search the audit"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(readAuditSearch(draft))
      }}
    >
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" verticalSpacing="sm">
        <NativeSelect label="Time" {...field('since')} value={since} data={[...TIMES]} />
        {since === 'between' && (
          <>
            <TextInput type="datetime-local" label="From" {...field('from')} />
            <TextInput type="datetime-local" label="Until" {...field('to')} />
          </>
        )}
        <TextInput
          ref={first}
          label="Who"
          placeholder="bi, etl"
          autoComplete="off"
          spellCheck={false}
          {...field('who')}
        />
        <NativeSelect
          label="Category"
          {...field('category')}
          data={[{ value: '', label: 'Any' }, ...CATEGORIES]}
        />
        <NativeSelect
          label="Outcome"
          {...field('outcome')}
          data={[{ value: '', label: 'Any' }, ...OUTCOMES]}
        />
        <TextInput
          label="Details contain"
          autoComplete="off"
          spellCheck={false}
          {...field('text')}
        />
        <Button
          type="submit"
          variant="light"
          style={{ alignSelf: 'end' }}
          leftSection={<IconSearch size={16} aria-hidden />}
        >
          Search
        </Button>
      </SimpleGrid>
    </form>
  )
}
