/** A user's own password. */
import { PasswordInput, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { changePassword } from '../api/account.ts'
import { isWrongPassword, problemFrom } from '../api/api-error.ts'
import { problemText, WRONG_PASSWORD } from '../ui/field-errors.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { mayUsePassword, NewPassword } from '../ui/password-fields.tsx'

interface ChangePasswordProps {
  readonly userName: string
  readonly onClose: () => void
}

export function ChangePassword({ userName, onClose }: ChangePasswordProps) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [repeated, setRepeated] = useState('')
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      notifyDone('Your password was changed. Your other sessions have ended.')
      onClose()
    },
  })
  const { error } = change
  const isWrong = isWrongPassword(error)
  const isWeak = error !== null && problemFrom(error).code === 'invalid_parameter_value'
  return (
    <FormDialog
      title="Change password"
      submitLabel="Change password"
      busy={change.isPending}
      disabled={current === '' || !mayUsePassword(next, repeated)}
      error={isWrong || isWeak ? null : error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        Your sessions in other browsers will end.
      </Text>
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        value={current}
        error={isWrong ? WRONG_PASSWORD : undefined}
        aria-invalid={isWrong}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the current password' }}
        data-autofocus
      />
      <NewPassword
        label="New password"
        userName={userName}
        value={next}
        repeated={repeated}
        onChange={setNext}
        onRepeat={setRepeated}
        error={isWeak ? problemText(error) : undefined}
      />
    </FormDialog>
  )
}
