/** Asks for the password again, before something that a stranger at an open screen must not get. */
import { PasswordInput, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { meQuery, provePassword } from '../api/account.ts'
import { ApiError, isWrongPassword } from '../api/api-error.ts'
import { WRONG_PASSWORD } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'

interface ProvePasswordProps {
  readonly why: string
  readonly onProven: () => void
  readonly onClose: () => void
}

export function ProvePassword({ why, onProven, onClose }: ProvePasswordProps) {
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const prove = useMutation({
    mutationFn: () => provePassword(password),
    onSuccess: (me) => {
      queries.setQueryData(meQuery.queryKey, me)
      onProven()
    },
  })
  const isWrong = isWrongPassword(prove.error)
  return (
    <FormDialog
      title="Confirm that it is you"
      size="sm"
      submitLabel="Continue"
      busy={prove.isPending}
      disabled={password === ''}
      error={isWrong ? null : prove.error}
      onSubmit={() => prove.mutate()}
      onClose={onClose}
    >
      <Text size="sm">{why}</Text>
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        value={password}
        error={isWrong ? WRONG_PASSWORD : undefined}
        aria-invalid={isWrong}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
        data-autofocus
      />
    </FormDialog>
  )
}

export function needsProof(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'password_proof_required'
}
