/** Text to be copied into a tool. */
import { Box, Group, Text } from '@mantine/core'
import classes from './code-block.module.css'
import { CopyIcon } from './copy.tsx'

interface CodeBlockProps {
  readonly text: string
  /** What it is, for the copy button and for those who cannot see it. */
  readonly label: string
  /** Above it: a file's name. */
  readonly title?: string
}

export function CodeBlock({ text, label, title }: CodeBlockProps) {
  return (
    <Box className={classes['block']}>
      <Group justify="space-between" wrap="nowrap" className={classes['bar']}>
        <Text size="xs" c="dimmed" truncate>
          {title ?? label}
        </Text>
        <CopyIcon text={text} label={label} />
      </Group>
      {/* A scrolling area must be reachable by keyboard. */}
      <pre className={classes['text']} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </Box>
  )
}
