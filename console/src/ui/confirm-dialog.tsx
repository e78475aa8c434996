/** Asks before an act that cannot be undone at will: what it does, and the name to type where it is grave. */
import { Alert, Code, Text, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { FormDialog } from './form-dialog.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly confirmLabel: string
  readonly danger?: boolean
  /** What must be typed first. */
  readonly nameToType?: string
  /** Known to be refused: why, and what to do first. There is nothing to confirm then. */
  readonly obstacle?: ReactNode
  readonly act: () => Promise<unknown>
  readonly onDone: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, confirmLabel, danger = false, nameToType, obstacle, act, onDone, onClose } = props
  const isBarred = obstacle !== undefined
  const [typed, setTyped] = useState('')
  const mutation = useMutation({ mutationFn: act, onSuccess: onDone })
  return (
    <FormDialog
      title={title}
      submitLabel={confirmLabel}
      danger={danger}
      busy={mutation.isPending}
      disabled={isBarred || (nameToType !== undefined && typed !== nameToType)}
      error={mutation.error}
      onSubmit={() => mutation.mutate()}
      onClose={onClose}
    >
      {isBarred ? (
        <Alert color="orange" icon={<IconLock aria-hidden />} title="This cannot be done yet">
          <Text size="sm">{obstacle}</Text>
        </Alert>
      ) : (
        props.children
      )}
      {!isBarred && nameToType !== undefined && (
        <TextInput
          label={
            <Text span size="sm">
              Type <Code>{nameToType}</Code> to confirm
            </Text>
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      )}
    </FormDialog>
  )
}
