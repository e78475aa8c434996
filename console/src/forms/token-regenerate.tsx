/** Regenerate Access Token: at once, as after a leak, or with a time in which both work. */
import { NativeSelect, Radio, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { regenerateToken } from '../api/clients.ts'
import type { Client } from '../api/clients.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { ClientImpact } from './client-impact.tsx'
import { TokenDialog } from './token-dialog.tsx'

const HOUR_MS = 3_600_000

const GRACES = [
  { value: String(HOUR_MS), label: '1 hour' },
  { value: String(24 * HOUR_MS), label: '1 day' },
  { value: String(3 * 24 * HOUR_MS), label: '3 days' },
  { value: String(7 * 24 * HOUR_MS), label: '7 days' },
]

interface TokenRegenerateProps {
  readonly client: Client
  readonly onClose: () => void
}

export function TokenRegenerate({ client, onClose }: TokenRegenerateProps) {
  const queries = useQueryClient()
  const [when, setWhen] = useState<'now' | 'later'>('now')
  const [grace, setGrace] = useState(String(24 * HOUR_MS))
  const regenerate = useMutation({
    mutationFn: () => regenerateToken(client, when === 'now' ? 0 : Number(grace)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clients'] }),
  })
  if (regenerate.data) {
    return (
      <TokenDialog
        client={client.name}
        token={regenerate.data.token}
        said={
          when === 'now'
            ? 'This is the new token. The old one has ended: put this one into every tool that used it.'
            : 'This is the new token. The old one still works for a while: its last use is shown on the page of the client.'
        }
        onDone={onClose}
      />
    )
  }
  return (
    <FormDialog
      title={`Regenerate the access token of ${client.name}`}
      submitLabel="Regenerate Access Token"
      danger={when === 'now'}
      busy={regenerate.isPending}
      error={regenerate.error}
      onSubmit={() => regenerate.mutate()}
      onClose={onClose}
    >
      <Radio.Group
        label="The old token"
        value={when}
        onChange={(value) => setWhen(value === 'later' ? 'later' : 'now')}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="now"
            label="ends at once"
            description="After a leak. Sessions and running statements end within a second."
            data-autofocus
          />
          <Radio
            value="later"
            label="works on for a while"
            description="For a planned change: both tokens work, and you see whether the old one is still used."
          />
        </Stack>
      </Radio.Group>
      {when === 'later' ? (
        <NativeSelect
          label="How long"
          data={GRACES}
          value={grace}
          onChange={(event) => setGrace(event.currentTarget.value)}
        />
      ) : (
        <ClientImpact name={client.name} when="until it has the new token" />
      )}
    </FormDialog>
  )
}
