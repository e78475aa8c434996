/** A link that works once, to be handed to the person it is for. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import type { NewOneTimeLink } from '../api/users.ts'
import { CopyButton } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { exactTime } from '../ui/relative-time.ts'

interface OneTimeLinkDialogProps {
  readonly userName: string
  readonly link: NewOneTimeLink
  readonly onDone: () => void
}

export function OneTimeLinkDialog({ userName, link, onDone }: OneTimeLinkDialogProps) {
  const what = link.purpose === 'reset' ? 'Link to a new password' : 'Invitation'
  return (
    <Dialog title={`${what} for ${userName}`} size="lg" onClose={onDone}>
      <Stack gap="md">
        <Text size="sm">
          Hand it over: whoever opens it first chooses the password. It{' '}
          {link.expiresAt !== undefined && `ends on ${exactTime(link.expiresAt)} and `}is not shown
          again.
        </Text>
        <Group align="flex-end" gap="xs" wrap="wrap">
          <TextInput
            label="One-time link"
            value={link.url}
            readOnly
            flex="1 1 16rem"
            onFocus={(event) => event.currentTarget.select()}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          <CopyButton text={link.url} label="the one-time link" />
        </Group>
        <Group justify="flex-end">
          <Button variant="light" onClick={onDone}>
            Done
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
