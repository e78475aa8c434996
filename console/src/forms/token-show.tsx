/** Shows the token again, after the password where the last proof is too old. */
import { Loader, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { showToken } from '../api/clients.ts'
import type { Client } from '../api/clients.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { needsProof, ProvePassword } from './prove-password.tsx'
import { TokenDialog } from './token-dialog.tsx'

interface TokenShowProps {
  readonly client: Client
  readonly onClose: () => void
  /** In place of a dialog with the token: what to do with it. */
  readonly onToken?: (token: string) => void
}

export function TokenShow({ client, onClose, onToken }: TokenShowProps) {
  const show = useMutation({
    mutationFn: () => showToken(client),
    onSuccess: ({ token }) => onToken?.(token),
  })
  const ask = useEffectEvent(() => show.mutate())
  useEffect(() => {
    ask()
  }, [])

  if (needsProof(show.error)) {
    return (
      <ProvePassword
        why={`The access token of ${client.name} is shown to whoever proves to be you. It is put on record.`}
        onProven={() => show.mutate()}
        onClose={onClose}
      />
    )
  }
  if (show.data && !onToken) {
    return (
      <TokenDialog
        client={client.name}
        token={show.data.token}
        said="Showing it was put on record."
        onDone={onClose}
      />
    )
  }
  return (
    <Dialog title={`Access token of ${client.name}`} onClose={onClose}>
      {show.error ? (
        <ProblemNotice error={show.error} />
      ) : (
        <Stack align="center" py="md">
          <Loader size="sm" />
          <Text size="sm" c="dimmed" role="status">
            Unsealing the token …
          </Text>
        </Stack>
      )}
    </Dialog>
  )
}
