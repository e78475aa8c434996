/** Sign-in. */
import { Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { meQuery } from '../api/account.ts'
import { SignInForm } from '../forms/sign-in-form.tsx'
import { isOwnPath } from '../own-path.ts'
import { GateFrame } from '../ui/gate-frame.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next } = route.useSearch()
  const queries = useQueryClient()
  const router = useRouter()
  return (
    <GateFrame title="Sign in">
      <SignInForm
        onSignedIn={(me) => {
          queries.clear() // nothing that another user saw
          queries.setQueryData(meQuery.queryKey, me)
          router.history.push(isOwnPath(next) ? next : '/') // the address may come from anywhere
        }}
      />
      <Text size="xs" c="dimmed">
        Password lost? An administrator makes you a link to a new one under Users, or on the machine
        of the gateway with <code>bluegate user reset-password</code>.
      </Text>
    </GateFrame>
  )
}
