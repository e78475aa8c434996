/** What can be done with a client, and the dialogs that ask before it is: for its row and its page. */
import { Stack, Text } from '@mantine/core'
import {
  IconEye,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { deleteClient, designateJobs, endPreviousToken, setClientEnabled } from '../api/clients.ts'
import type { Client } from '../api/clients.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CHOOSE_ANOTHER_FOR_JOBS } from '../ui/in-the-console.ts'
import { notifyDone } from '../ui/notify.tsx'
import type { RowAct } from '../ui/row-menu.tsx'
import { ClientEdit } from './client-edit.tsx'
import { ClientImpact } from './client-impact.tsx'
import { TokenRegenerate } from './token-regenerate.tsx'
import { TokenShow } from './token-show.tsx'

type Act =
  'show' | 'edit' | 'enable' | 'disable' | 'regenerate' | 'delete' | 'designate' | 'end-previous'

interface Asked {
  readonly act: Act
  readonly client: Client
}

/** @param onDeleted After the client is gone, where its own page was. */
export function useClientActs(onDeleted?: () => void) {
  const [asked, setAsked] = useState<Asked>()
  const navigate = useNavigate()
  const ask = (act: Act, client: Client) => setAsked({ act, client })
  const actsOf = (client: Client): RowAct[] => [
    { label: 'Show token', icon: IconEye, run: () => ask('show', client) },
    {
      label: 'Connect a tool',
      icon: IconPlugConnected,
      run: () =>
        void navigate({
          to: '/settings/access-tokens/$name/connect',
          params: { name: client.name },
        }),
    },
    { label: 'Edit', icon: IconPencil, run: () => ask('edit', client) },
    client.enabled
      ? { label: 'Disable', icon: IconPlayerPause, run: () => ask('disable', client) }
      : { label: 'Enable', icon: IconPlayerPlay, run: () => ask('enable', client) },
    {
      label: 'Regenerate Access Token',
      icon: IconRefresh,
      danger: true,
      run: () => ask('regenerate', client),
    },
    { label: 'Delete', icon: IconTrash, danger: true, run: () => ask('delete', client) },
  ]
  const dialog = asked && (
    <ActDialog
      asked={asked}
      onClose={() => setAsked(undefined)}
      onDeleted={() => {
        setAsked(undefined)
        onDeleted?.()
      }}
    />
  )
  return { actsOf, ask, dialog }
}

interface ActDialogProps {
  readonly asked: Asked
  readonly onClose: () => void
  readonly onDeleted: () => void
}

function ActDialog({ asked: { act, client }, onClose, onDeleted }: ActDialogProps) {
  const queries = useQueryClient()
  const done = (message: string, then = onClose) => {
    notifyDone(message)
    void queries.invalidateQueries({ queryKey: ['clients'] })
    then()
  }
  const { name } = client
  switch (act) {
    case 'show':
      return <TokenShow client={client} onClose={onClose} />
    case 'edit':
      return <ClientEdit client={client} onClose={onClose} />
    case 'regenerate':
      return <TokenRegenerate client={client} onClose={onClose} />
    case 'enable':
      return (
        <ConfirmDialog
          title={`Enable ${name}`}
          confirmLabel="Enable"
          act={() => setClientEnabled(client, true)}
          onDone={() => done(`${name} may connect again.`)}
          onClose={onClose}
        >
          <Text size="sm">
            Its access token works again at once, with all that the role {client.role} may.
          </Text>
        </ConfirmDialog>
      )
    case 'disable':
      return (
        <ConfirmDialog
          title={`Disable ${name}`}
          confirmLabel="Disable"
          danger
          act={() => setClientEnabled(client, false)}
          onDone={() => done(`${name} is cut off.`)}
          onClose={onClose}
        >
          <Stack gap="sm">
            <Text size="sm">
              New logins are refused, open sessions and running statements end within a second. You
              can enable it again; its token stays the same.
            </Text>
            <ClientImpact name={name} when="at once" />
          </Stack>
        </ConfirmDialog>
      )
    case 'delete':
      return (
        <ConfirmDialog
          title={`Delete ${name}`}
          confirmLabel="Delete client"
          danger
          nameToType={name}
          obstacle={client.jobs ? `Jobs run as ${name}. ${CHOOSE_ANOTHER_FOR_JOBS}` : undefined}
          act={() => deleteClient(client)}
          onDone={() => done(`${name} was deleted.`, onDeleted)}
          onClose={onClose}
        >
          <Stack gap="sm">
            <Text size="sm">
              The client and its access token are gone for ever. What it did stays on record.
            </Text>
            <ClientImpact name={name} when="at once" />
          </Stack>
        </ConfirmDialog>
      )
    case 'designate':
      return (
        <ConfirmDialog
          title={`Run Jobs as ${name}`}
          confirmLabel="Run Jobs as this client"
          act={() => designateJobs(client)}
          onDone={() => done(`Jobs run as ${name} from now on.`)}
          onClose={onClose}
        >
          <Text size="sm">
            Every job connects as this client, with the role {client.role}. The client that Jobs ran
            as until now stays, but no job uses it any more.
          </Text>
        </ConfirmDialog>
      )
    case 'end-previous':
      return (
        <ConfirmDialog
          title={`End the old token of ${name} now`}
          confirmLabel="End the old token"
          danger
          act={() => endPreviousToken(client)}
          onDone={() => done(`The old token of ${name} has ended.`)}
          onClose={onClose}
        >
          <Text size="sm">
            Tools that still use it are cut off within a second. The new token is not touched.
          </Text>
        </ConfirmDialog>
      )
  }
}
