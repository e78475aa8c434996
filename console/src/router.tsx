/** Which page is at which address, and who may see it. */
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { meQuery } from './api/account.ts'
import { ApiError } from './api/api-error.ts'
import { queryClient } from './api/query-client.ts'
import { isOwnPath } from './own-path.ts'
import { readAuditSearch } from './pages/audit/audit-search.ts'
import { AuditPage } from './pages/audit/audit-page.tsx'
import { ClientConnectTab } from './pages/clients/client-connect-tab.tsx'
import { ClientOverviewTab } from './pages/clients/client-overview-tab.tsx'
import { ClientPage } from './pages/clients/client-page.tsx'
import { ClientSessionsTab } from './pages/clients/client-sessions-tab.tsx'
import { ClientsPage } from './pages/clients/clients-page.tsx'
import { DataPage } from './pages/data/data-page.tsx'
import { FailedPage } from './pages/failed-page.tsx'
import { ForbiddenPage } from './pages/forbidden-page.tsx'
import { HomePage } from './pages/home-page.tsx'
import { LimitsPage } from './pages/limits-page.tsx'
import { MissingPage } from './pages/missing-page.tsx'
import { PoolsPage } from './pages/pools-page.tsx'
import { RolePage } from './pages/roles/role-page.tsx'
import { RolesPage } from './pages/roles/roles-page.tsx'
import { SessionsPage } from './pages/sessions-page.tsx'
import { Shell } from './pages/shell/shell.tsx'
import { Warnings } from './pages/shell/warnings.tsx'
import { SignInPage } from './pages/sign-in-page.tsx'
import { UsersPage } from './pages/users-page.tsx'
import { WelcomePage } from './pages/welcome-page.tsx'

const root = createRootRouteWithContext<{ readonly queries: typeof queryClient }>()({
  component: Outlet,
  notFoundComponent: MissingPage,
  errorComponent: FailedPage,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next }): { next?: string } => (isOwnPath(next) ? { next } : {}),
  component: SignInPage,
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: WelcomePage,
})

/** Everything behind the sign-in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.queries.ensureQueryData(meQuery) }
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
      throw redirect({ to: '/sign-in', search: { next: location.href } })
    }
  },
  component: Shell,
  errorComponent: FailedPage,
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: ({ context }) => {
    if (context.me.clusterAdmin) throw redirect({ to: '/settings/access-tokens' })
  },
  component: HomePage,
})

const data = createRoute({
  getParentRoute: () => shell,
  path: '/data',
  validateSearch: ({ load }): { load?: string } =>
    typeof load === 'string' && load !== '' ? { load } : {},
  component: DataPage,
})

/** For roles with CLUSTERADMIN: the gateway refuses all others, this only says so nicely. */
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: function Settings() {
    const { me } = settings.useRouteContext()
    if (!me.clusterAdmin) return <ForbiddenPage role={me.role} />
    return (
      <>
        <Warnings />
        <Outlet />
      </>
    )
  },
})

const listSearch = ({ search }: Record<string, unknown>): { search?: string } =>
  typeof search === 'string' && search !== '' ? { search } : {}

const clients = createRoute({
  getParentRoute: () => settings,
  path: '/access-tokens',
  validateSearch: listSearch,
  component: ClientsPage,
})

const client = createRoute({
  getParentRoute: () => settings,
  path: '/access-tokens/$name',
  component: ClientPage,
})

const clientTabs = [
  createRoute({ getParentRoute: () => client, path: '/', component: ClientOverviewTab }),
  createRoute({ getParentRoute: () => client, path: '/connect', component: ClientConnectTab }),
  createRoute({ getParentRoute: () => client, path: '/sessions', component: ClientSessionsTab }),
] as const

const roles = createRoute({
  getParentRoute: () => settings,
  path: '/roles',
  validateSearch: listSearch,
  component: RolesPage,
})

const role = createRoute({
  getParentRoute: () => settings,
  path: '/roles/$name',
  component: RolePage,
})

const users = createRoute({
  getParentRoute: () => settings,
  path: '/users',
  validateSearch: listSearch,
  component: UsersPage,
})

const sessions = createRoute({
  getParentRoute: () => settings,
  path: '/sessions',
  validateSearch: listSearch,
  component: SessionsPage,
})

const pools = createRoute({
  getParentRoute: () => settings,
  path: '/pools',
  validateSearch: listSearch,
  component: PoolsPage,
})

const limits = createRoute({
  getParentRoute: () => settings,
  path: '/limits',
  validateSearch: listSearch,
  component: LimitsPage,
})

const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: AuditPage,
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    welcome,
    shell.addChildren([
      home,
      data,
      settings.addChildren([
        clients,
        client.addChildren([...clientTabs]),
        roles,
        role,
        users,
        sessions,
        pools,
        limits,
        audit,
      ]),
    ]),
  ]),
  context: { queries: queryClient },
  scrollRestoration: true,
  defaultPreload: false,
})

/** A path of this console: `next` comes from the address bar and must not lead elsewhere. */
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
