/** What stands around every page behind the sign-in. */
import { AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { getRouteApi, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useLiveChanges } from '../../api/live-changes.ts'
import { Brand } from '../../ui/brand.tsx'
import { Navigation } from './navigation.tsx'
import { SessionNotice } from './session-notice.tsx'
import classes from './shell.module.css'
import { SignInAgain } from './sign-in-again.tsx'

const route = getRouteApi('/shell')

export function Shell() {
  const { me } = route.useRouteContext()
  const [opened, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  useEffect(close, [pathname, close])
  useLiveChanges(me.clusterAdmin)
  return (
    <AppShell
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg', lg: 'xl' }}
    >
      <a href="#content" className={classes['skip']}>
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" justify="space-between">
          <Brand />
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
            aria-expanded={opened}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" className={classes['navbar']} aria-label="Main">
        <Navigation me={me} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes['main']}>
        <div className={classes['content']}>
          <SessionNotice />
          <Outlet />
        </div>
      </AppShell.Main>
      <SignInAgain userName={me.name} />
    </AppShell>
  )
}
