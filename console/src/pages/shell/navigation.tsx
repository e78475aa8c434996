/** The ways to all pages. Settings are for roles with CLUSTERADMIN. */
import { Box, NavLink, Stack, Text } from '@mantine/core'
import {
  IconGauge,
  IconHistory,
  IconHome,
  IconKey,
  IconPlugConnected,
  IconShieldLock,
  IconStack2,
  IconTableImport,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import type { Me } from '../../api/account.ts'
import { Brand } from '../../ui/brand.tsx'
import classes from './shell.module.css'
import { UserMenu } from './user-menu.tsx'

const DATA = { to: '/data', label: 'Data', icon: IconTableImport } as const
const EVERYBODY = [{ to: '/', label: 'Home', icon: IconHome }, DATA] as const
const ADMINISTRATORS = [DATA] as const

const SETTINGS = [
  { to: '/settings/access-tokens', label: 'Access Tokens', icon: IconKey },
  { to: '/settings/roles', label: 'Roles', icon: IconShieldLock },
  { to: '/settings/users', label: 'Users', icon: IconUsers },
  { to: '/settings/sessions', label: 'Sessions', icon: IconPlugConnected },
  { to: '/settings/pools', label: 'Pools', icon: IconStack2 },
  { to: '/settings/limits', label: 'Limits', icon: IconGauge },
  { to: '/settings/audit', label: 'Audit', icon: IconHistory },
] as const

type Entry = (typeof EVERYBODY | typeof SETTINGS)[number]

export function Navigation({ me }: { readonly me: Me }) {
  return (
    <Stack h="100%" gap="lg" justify="space-between">
      <Stack gap="lg">
        <Box visibleFrom="sm" px={6} pt={4}>
          <Brand />
        </Box>
        <Stack gap={2}>
          <Entries entries={me.clusterAdmin ? ADMINISTRATORS : EVERYBODY} />
        </Stack>
        {me.clusterAdmin && (
          <Stack gap={2}>
            <Text size="xs" fw={600} c="dimmed" px={10} pb={4}>
              Settings
            </Text>
            <Entries entries={SETTINGS} />
          </Stack>
        )}
      </Stack>
      <UserMenu me={me} />
    </Stack>
  )
}

function Entries({ entries }: { readonly entries: readonly Entry[] }) {
  const { pathname } = useLocation()
  return entries.map(({ to, label, icon: Symbol }) => {
    const active = to === '/' ? pathname === '/' : pathname.startsWith(to)
    return (
      <NavLink
        key={to}
        renderRoot={(props) => <Link to={to} {...props} />}
        className={classes['link'] ?? ''}
        label={label}
        active={active}
        aria-current={active ? 'page' : undefined}
        leftSection={<Symbol size={18} stroke={1.7} aria-hidden />}
      />
    )
  })
}
