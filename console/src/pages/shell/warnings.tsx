/** What an administrator should know and do, above the Settings pages; nothing when there is nothing. */
import { Alert, Badge, Button, Group, List, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { usePoll } from '../../api/background.ts'
import { warningsQuery } from '../../api/warnings.ts'
import type { Warning } from '../../api/warnings.ts'
import { inTheConsole } from '../../ui/in-the-console.ts'
import { sentence } from '../../ui/problem-notice.tsx'
import { TextLink } from '../../ui/text-link.tsx'

/** Disks and certificates tell of no change. */
const POLL_MS = 60_000

/** The others on request: a page is not for its warnings. */
const SHOWN_FIRST = 2

const SEVERITIES = {
  critical: { label: 'Critical', color: 'red' },
  warning: { label: 'Warning', color: 'orange' },
  info: { label: 'Note', color: 'gate' },
} as const satisfies Record<Warning['severity'], unknown>

export function Warnings() {
  const { data: warnings = [] } = useQuery(warningsQuery)
  const [showsAll, setShowsAll] = useState(false)
  usePoll('warnings', POLL_MS)
  const [worst] = warnings
  if (!worst) return null
  const shown = showsAll ? warnings : warnings.slice(0, SHOWN_FIRST)
  const isNote = worst.severity === 'info'
  return (
    <Alert
      color={SEVERITIES[worst.severity].color}
      mb="lg"
      p="sm"
      role="region"
      aria-label="Warnings"
      icon={isNote ? <IconInfoCircle aria-hidden /> : <IconAlertTriangle aria-hidden />}
    >
      <List size="sm" spacing={6} listStyleType="none" id="warnings">
        {shown.map((warning) => (
          <List.Item key={`${warning.kind} ${warning.text}`}>
            <WarningLine warning={warning} />
          </List.Item>
        ))}
      </List>
      {warnings.length > SHOWN_FIRST && (
        <Button
          size="compact-xs"
          variant="default"
          mt="xs"
          aria-expanded={showsAll}
          aria-controls="warnings"
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Show fewer' : `Show all ${warnings.length}`}
        </Button>
      )}
    </Alert>
  )
}

function WarningLine({ warning }: { readonly warning: Warning }) {
  const { severity, text, fix, client } = warning
  const { label, color } = SEVERITIES[severity]
  return (
    <>
      <Group gap={8} wrap="wrap">
        <Badge size="sm" color={color} variant="light" bd="1px solid currentColor">
          {label}
        </Badge>
        <Text size="sm" fw={550} span>
          {text}
        </Text>
        {client !== undefined && (
          <TextLink
            to="/settings/access-tokens/$name"
            params={{ name: client }}
            size="sm"
            underline="always"
          >
            Open {client}
          </TextLink>
        )}
      </Group>
      <Text size="sm">{sentence(inTheConsole(fix))}</Text>
    </>
  )
}
