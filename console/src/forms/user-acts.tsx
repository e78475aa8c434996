/** The dialogs that ask before something is done with a user. */
import { Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { deleteUser, makeUserLink, setUserEnabled } from '../api/users.ts'
import type { User } from '../api/users.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.tsx'
import { OneTimeLinkDialog } from './one-time-link-dialog.tsx'
import { UserRole } from './user-role.tsx'

export type UserAct = 'role' | 'link' | 'enable' | 'disable' | 'delete'

interface UserActDialogProps {
  readonly act: UserAct
  readonly user: User
  readonly onClose: () => void
}

export function UserActDialog({ act, user, onClose }: UserActDialogProps) {
  const { name } = user
  const done = (message: string) => {
    notifyDone(message)
    onClose()
  }
  switch (act) {
    case 'role':
      return <UserRole user={user} onClose={onClose} />
    case 'link':
      return <UserLink user={user} onClose={onClose} />
    case 'enable':
      return (
        <ConfirmDialog
          title={`Enable ${name}`}
          confirmLabel="Enable"
          act={() => setUserEnabled(user, true)}
          onDone={() => done(`${name} may sign in again.`)}
          onClose={onClose}
        >
          <Text size="sm">
            {name} may sign in again, with the same password and the role {user.role}.
          </Text>
        </ConfirmDialog>
      )
    case 'disable':
      return (
        <ConfirmDialog
          title={`Disable ${name}`}
          confirmLabel="Disable"
          danger
          act={() => setUserEnabled(user, false)}
          onDone={() => done(`${name} is signed out and cannot sign in.`)}
          onClose={onClose}
        >
          <Text size="sm">
            {name} is signed out everywhere at once and cannot sign in until you enable it again.
          </Text>
        </ConfirmDialog>
      )
    case 'delete':
      return (
        <ConfirmDialog
          title={`Delete ${name}`}
          confirmLabel="Delete user"
          danger
          nameToType={name}
          act={() => deleteUser(user)}
          onDone={() => done(`${name} was deleted.`)}
          onClose={onClose}
        >
          <Text size="sm">
            {name} is signed out everywhere and gone for ever. What {name} did stays on record, and
            the clients that {name} made stay.
          </Text>
        </ConfirmDialog>
      )
  }
}

function UserLink({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const make = useMutation({ mutationFn: () => makeUserLink(user) })
  if (make.data) {
    return <OneTimeLinkDialog userName={user.name} link={make.data} onDone={onClose} />
  }
  return (
    <FormDialog
      title={user.hasPassword ? `New password for ${user.name}` : `Invite ${user.name} again`}
      submitLabel="Make the link"
      busy={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        You get a link that works once, for 24 hours: whoever opens it chooses the password. Older
        links of {user.name} stop working
        {user.hasPassword ? '; the present password works until the new one is chosen.' : '.'}
      </Text>
    </FormDialog>
  )
}
