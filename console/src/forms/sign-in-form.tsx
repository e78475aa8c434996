/** User name and password. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { signIn } from '../api/account.ts'
import type { Me } from '../api/account.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'

interface SignInFormProps {
  /** Given: only this user may sign in here. */
  readonly userName?: string
  readonly onSignedIn: (me: Me) => void
}

export function SignInForm({ userName, onSignedIn }: SignInFormProps) {
  const [user, setUser] = useState(userName ?? '')
  const [password, setPassword] = useState('')
  const attempt = useMutation({
    mutationFn: () => signIn(user, password),
    onSuccess: onSignedIn,
    onError: () => setPassword(''),
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!attempt.isPending) attempt.mutate()
      }}
    >
      <Stack gap="md">
        <TextInput
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={user}
          readOnly={userName !== undefined}
          onChange={(event) => setUser(event.currentTarget.value)}
          autoFocus={userName === undefined}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          data-autofocus={userName !== undefined}
        />
        <ProblemNotice error={attempt.error} />
        <Button
          type="submit"
          fullWidth
          loading={attempt.isPending}
          disabled={user === '' || password === ''}
        >
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
