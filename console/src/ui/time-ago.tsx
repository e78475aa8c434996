/** How long ago, or in how long; exactly in the tooltip. */
import { Text, Tooltip } from '@mantine/core'
import { useOfNow } from './now.ts'
import { exactTime, relativeTime } from './relative-time.ts'

export function TimeAgo({ time }: { readonly time: string }) {
  const text = useOfNow((now) => relativeTime(time, now))
  return (
    <Tooltip label={exactTime(time)}>
      <Text span inherit tabIndex={0} style={{ whiteSpace: 'nowrap', cursor: 'default' }}>
        <time dateTime={time}>{text}</time>
      </Text>
    </Tooltip>
  )
}
