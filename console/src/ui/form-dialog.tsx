/**
 * A dialog with fields: Enter sends it, Escape leaves it. The buttons, and errors above them, are in
 * sight however long the form is; a field that is wrong is brought into sight.
 */
import { Button, Group, Stack } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { SyntheticEvent, ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import classes from './form-dialog.module.css'
import { ProblemNotice } from './problem-notice.tsx'

interface FormDialogProps {
  readonly title: string
  readonly size?: 'sm' | 'md' | 'lg' | 'xl'
  readonly submitLabel: string
  readonly danger?: boolean
  readonly busy: boolean
  readonly disabled?: boolean
  /** Whatever the last try threw, unless it stands at a field. */
  readonly error: unknown
  readonly onSubmit: () => void
  readonly onClose: (() => void) | undefined
  readonly children: ReactNode
}

export function FormDialog(props: FormDialogProps) {
  const { title, size = 'md', submitLabel, danger = false, busy, disabled = false } = props
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (busy) return
    form.current?.querySelector('[aria-invalid=true]')?.scrollIntoView({ block: 'nearest' })
  }, [busy])
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    event.stopPropagation() // a dialog over a form is a child of it for React
    if (!busy && !disabled) props.onSubmit()
  }
  return (
    <Dialog title={title} size={size} onClose={props.onClose}>
      <form ref={form} onSubmit={submit} noValidate>
        <Stack gap="md">
          {props.children}
          <Stack gap="md" className={classes['foot'] ?? ''}>
            <ProblemNotice error={props.error} />
            <Group justify="flex-end" gap="xs">
              {props.onClose && (
                <Button variant="default" onClick={props.onClose}>
                  Cancel
                </Button>
              )}
              <Button
                type="submit"
                loading={busy}
                disabled={disabled}
                {...(danger ? { color: 'red' } : {})}
              >
                {submitLabel}
              </Button>
            </Group>
          </Stack>
        </Stack>
      </form>
    </Dialog>
  )
}
