/** A token, to be copied: after it was made, replaced, or asked for again. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { CopyButton } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { LinkButton } from '../ui/link-button.tsx'

interface TokenDialogProps {
  readonly client: string
  readonly token: string
  /** A sentence above it: what has just happened. */
  readonly said: string
  readonly onDone: () => void
  /** On the page that says how to connect there is no way there. */
  readonly withConnect?: boolean
}

export function TokenDialog({ client, token, said, onDone, withConnect = true }: TokenDialogProps) {
  return (
    <Dialog title={`Access token of ${client}`} size="lg" onClose={onDone}>
      <Stack gap="md">
        <Text size="sm">{said}</Text>
        <Group align="flex-end" gap="xs" wrap="wrap">
          <TextInput
            label="Access token"
            value={token}
            readOnly
            flex="1 1 16rem"
            onFocus={(event) => event.currentTarget.select()}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          <CopyButton text={token} label="the access token" />
        </Group>
        <Alert color="gray" p="sm">
          <Text size="sm">
            Whoever holds it can do all that the role of {client} can. Put it into the tool, or into
            a password store; never into a mail or a chat.
          </Text>
        </Alert>
        <Group justify="flex-end" gap="xs">
          {withConnect && (
            <LinkButton
              variant="default"
              leftSection={<IconPlugConnected size={16} aria-hidden />}
              to="/settings/access-tokens/$name/connect"
              params={{ name: client }}
              onClick={onDone}
            >
              Connect a tool
            </LinkButton>
          )}
          <Button variant="light" onClick={onDone}>
            Done
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
