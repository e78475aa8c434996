/** The session has ended while somebody was at work: the page stays, and goes on after the password. */
import { Anchor, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { meQuery } from '../../api/account.ts'
import { signedInAgain, useMustSignIn } from '../../api/sign-in-gate.ts'
import { SignInForm } from '../../forms/sign-in-form.tsx'
import { Dialog } from '../../ui/dialog.tsx'

export function SignInAgain({ userName }: { readonly userName: string }) {
  const queries = useQueryClient()
  const mustSignIn = useMustSignIn()
  if (!mustSignIn) return null
  return (
    <Dialog title="Sign in again" size="sm" onClose={undefined}>
      <Stack gap="md">
        <Text size="sm">
          Your session has ended. Nothing that you typed is lost: after the password it goes on
          where it was.
        </Text>
        <SignInForm
          userName={userName}
          onSignedIn={(me) => {
            queries.setQueryData(meQuery.queryKey, me)
            signedInAgain()
            void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
          }}
        />
        {/* A real navigation: everything of this user leaves the page's memory. */}
        <Anchor href="/sign-in" size="sm">
          Sign in as somebody else
        </Anchor>
      </Stack>
    </Dialog>
  )
}
