/** How long ago something was, or in how long something ends; exactly in the tooltip. */
import { Text, Tooltip } from '@mantine/core'
import { useOfNow } from './now.ts'
import { exactTime, timeAgo, timeUntil } from './relative-time.ts'

interface TimeProps {
  readonly time: string
}

export function TimeAgo({ time }: TimeProps) {
  return <Told time={time} text={useOfNow((now) => timeAgo(time, now))} />
}

export function TimeUntil({ time }: TimeProps) {
  return <Told time={time} text={useOfNow((now) => timeUntil(time, now))} />
}

function Told({ time, text }: TimeProps & { readonly text: string }) {
  return (
    <Tooltip label={exactTime(time)}>
      <Text span inherit tabIndex={0} style={{ whiteSpace: 'nowrap', cursor: 'default' }}>
        <time dateTime={time}>{text}</time>
      </Text>
    </Tooltip>
  )
}
