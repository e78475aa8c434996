/** A word about what was done, in the corner, read aloud. */
import { notifications } from '@mantine/notifications'
import { IconCheck } from '@tabler/icons-react'

export function notifyDone(message: string): void {
  notifications.show({
    message,
    color: 'teal',
    icon: <IconCheck size={16} aria-hidden />,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  })
}
