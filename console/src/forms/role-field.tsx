/** Choosing a role: searched on the server, because there may be a thousand. */
import { Loader, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { rolesQuery } from '../api/roles.ts'

interface RoleFieldProps {
  readonly label: string
  readonly description?: string
  readonly value: string | null
  readonly onChange: (role: string | null) => void
  readonly error?: string | undefined
  /** Roles that cannot be chosen here. */
  readonly without?: readonly string[]
  readonly autoFocus?: boolean
}

const SEARCH_WAIT_MS = 200
const SHOWN_MAX = 50

export function RoleField(props: RoleFieldProps) {
  const { label, description, value, onChange, error, without = [], autoFocus = false } = props
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search === value ? '' : search, SEARCH_WAIT_MS)
  const roles = useQuery(rolesQuery({ search: asked, limit: SHOWN_MAX }))
  const names = (roles.data?.items ?? [])
    .map(({ name }) => name)
    .filter((name) => !without.includes(name))
  return (
    <Select
      label={label}
      description={description}
      placeholder="Search roles"
      data={value === null || names.includes(value) ? names : [value, ...names]}
      filter={({ options }) => options} // the server has searched
      value={value}
      onChange={onChange}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      nothingFoundMessage={roles.isPending ? 'Loading …' : 'No role has this name.'}
      rightSection={roles.isFetching ? <Loader size={14} /> : undefined}
      error={error}
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      comboboxProps={{ withinPortal: true }}
      maxDropdownHeight={240}
    />
  )
}
