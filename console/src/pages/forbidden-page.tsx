/** A Settings page, asked for by somebody who may not see it. */
import { IconLock } from '@tabler/icons-react'
import { Empty } from '../ui/empty.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Page } from '../ui/page.tsx'

export function ForbiddenPage({ role }: { readonly role: string }) {
  return (
    <Page title="Not for your role">
      <Empty
        icon={IconLock}
        title="These pages need CLUSTERADMIN"
        action={
          <LinkButton variant="light" to="/">
            To the start
          </LinkButton>
        }
      >
        Your role {role} does not have it. Ask an administrator: GRANT CLUSTERADMIN TO {role}, or
        another role for you.
      </Empty>
    </Page>
  )
}
