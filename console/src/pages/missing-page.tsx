/** No page has this address. */
import { Text } from '@mantine/core'
import { GateFrame } from '../ui/gate-frame.tsx'
import { LinkButton } from '../ui/link-button.tsx'

export function MissingPage() {
  return (
    <GateFrame title="There is no such page">
      <Text size="sm">
        Nothing is at this address. Check it for a typing mistake, or begin at the start.
      </Text>
      <LinkButton to="/">To the start</LinkButton>
    </GateFrame>
  )
}
