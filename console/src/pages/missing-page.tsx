/** No page has this address. */
import { IconMapQuestion } from '@tabler/icons-react'
import { Empty } from '../ui/empty.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Page } from '../ui/page.tsx'

export function MissingPage() {
  return (
    <Page title="There is no such page">
      <Empty
        icon={IconMapQuestion}
        title="Nothing is at this address"
        action={
          <LinkButton variant="light" to="/">
            To the start
          </LinkButton>
        }
      >
        Check it for a typing mistake, or begin at the start.
      </Empty>
    </Page>
  )
}
