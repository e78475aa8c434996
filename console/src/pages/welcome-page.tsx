/**
 * Where one-time links lead: the first administrator, an invitation, a lost password.
 *
 * The secret stands after the `#`, which no browser sends to a server, and is taken out of the address
 * bar before anything else happens.
 */
import { Alert, Button, Loader, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { lookAtLink, meQuery, redeemLink } from '../api/account.ts'
import type { OneTimeLink } from '../api/account.ts'
import { problemFrom } from '../api/api-error.ts'
import { fieldError, otherError } from '../ui/field-errors.ts'
import { GateFrame } from '../ui/gate-frame.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { mayUsePassword, NewPassword } from '../ui/password-fields.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'

export function WelcomePage() {
  const [secret] = useState(takeSecret)
  const link = useQuery({
    queryKey: ['one-time-link'],
    queryFn: () => lookAtLink(secret),
    enabled: secret !== '',
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  if (secret === '') {
    return (
      <GateFrame title="This link is not complete">
        <Alert color="orange" p="sm">
          Open the whole link that you were given, with the part after the “#”.
        </Alert>
        <ToSignIn />
      </GateFrame>
    )
  }
  if (link.error) {
    return (
      <GateFrame title="This link does not work">
        <WhyNot error={link.error} />
        <ToSignIn />
      </GateFrame>
    )
  }
  if (!link.data) {
    return (
      <GateFrame title="Welcome">
        <Loader size="sm" mx="auto" aria-label="Checking the link" />
      </GateFrame>
    )
  }
  return <ChoosePassword secret={secret} link={link.data} />
}

function ChoosePassword({ secret, link }: { readonly secret: string; readonly link: OneTimeLink }) {
  const queries = useQueryClient()
  const router = useRouter()
  const [name, setName] = useState(link.userName ?? '')
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const isSetup = link.purpose === 'setup'
  const use = useMutation({
    mutationFn: () => redeemLink({ secret, password, ...(isSetup ? { userName: name } : {}) }),
    onSuccess: (me) => {
      queries.clear()
      queries.setQueryData(meQuery.queryKey, me)
      router.history.replace('/')
    },
  })
  const { title, description, act } = WORDS[link.purpose]
  return (
    <GateFrame title={title} description={description}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (mayUsePassword(password, repeated) && !use.isPending) use.mutate()
        }}
      >
        <Stack gap="md">
          <TextInput
            label="User name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            description={
              isSetup ? 'What you will sign in with; an e-mail address is usual.' : undefined
            }
            value={name}
            readOnly={!isSetup}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldError(use.error, 'userName')}
            autoFocus={isSetup}
          />
          <NewPassword
            label="Password"
            userName={name}
            value={password}
            repeated={repeated}
            onChange={setPassword}
            onRepeat={setRepeated}
            error={fieldError(use.error, 'password')}
          />
          <ProblemNotice error={otherError(use.error, ['userName', 'password'])} />
          <Button
            type="submit"
            fullWidth
            loading={use.isPending}
            disabled={name.trim() === '' || !mayUsePassword(password, repeated)}
          >
            {act}
          </Button>
        </Stack>
      </form>
    </GateFrame>
  )
}

const WORDS = {
  setup: {
    title: 'Set up Bluegate',
    description: 'You become its first administrator: choose your user name and a password.',
    act: 'Create administrator',
  },
  invitation: {
    title: 'Welcome to Bluegate',
    description: 'Choose the password that you will sign in with.',
    act: 'Set password and sign in',
  },
  reset: {
    title: 'New password',
    description: 'Choose the password that you will sign in with from now on.',
    act: 'Set password and sign in',
  },
} as const satisfies Record<OneTimeLink['purpose'], unknown>

/** The page has said that the link does not work, and goes on with what to do. */
function WhyNot({ error }: { readonly error: unknown }) {
  const { code, detail } = problemFrom(error)
  if (code !== 'undefined_object' || detail === undefined) return <ProblemNotice error={error} />
  return (
    <Alert color="orange" p="sm">
      {detail}
    </Alert>
  )
}

function ToSignIn() {
  return (
    <>
      <Text size="sm">An administrator can make you a new link under Users.</Text>
      <LinkButton variant="default" to="/sign-in">
        To the sign-in
      </LinkButton>
    </>
  )
}

let taken = ''

/** Reads the secret and removes it from the address bar and from the history. */
function takeSecret(): string {
  const found = location.hash.slice(1)
  if (found !== '') {
    taken = found
    history.replaceState(history.state, '', location.pathname)
  }
  return taken
}
