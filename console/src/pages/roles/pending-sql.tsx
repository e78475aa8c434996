/** The chosen changes as the exact SQL, and running it in the name of whoever is signed in. */
import { Button, Group, List, Paper, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCheck, IconPlayerPlay, IconPoint, IconX } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { runStatement } from '../../api/sql.ts'
import { CopyIcon } from '../../ui/copy.tsx'
import { Mono } from '../../ui/mono.tsx'
import { notifyDone } from '../../ui/notify.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import classes from './pending-sql.module.css'
import type { RoleChanges } from './role-change.ts'
import { roleSql } from './role-sql.ts'

interface PendingSqlProps {
  readonly role: string
  readonly changes: RoleChanges
  readonly onDiscard: () => void
  readonly onDone: () => void
}

export function PendingSql({ role, changes, onDiscard, onDone }: PendingSqlProps) {
  const queries = useQueryClient()
  const statements = roleSql(role, changes.values())
  const [ran, setRan] = useState(0)
  const narrow = useNarrow()
  const size = narrow ? 'compact-sm' : 'sm'
  // One at a time: statements about roles cannot be part of a transaction.
  const run = useMutation({
    mutationFn: async () => {
      setRan(0)
      for (const [index, statement] of statements.entries()) {
        await runStatement(statement)
        setRan(index + 1)
      }
    },
    onSuccess: () => {
      notifyDone(statements.length === 1 ? 'The change was made.' : 'The changes were made.')
      setRan(0)
      onDone()
    },
    // Also after an error: what ran before it was done.
    onSettled: () => queries.invalidateQueries({ queryKey: ['roles'] }),
  })
  if (statements.length === 0) return null
  const failedAt = run.isError ? ran : undefined
  return (
    <Paper
      withBorder
      shadow="md"
      p={narrow ? 'sm' : 'md'}
      className={classes['bar']}
      component="section"
      aria-label="Pending changes"
    >
      <Group justify="space-between" gap="sm" mb="xs" wrap={narrow ? 'nowrap' : 'wrap'}>
        <Title order={2} size={narrow ? 'h6' : 'h4'}>
          {statements.length === 1
            ? '1 statement to run'
            : `${statements.length} statements to run`}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <CopyIcon text={statements.map((one) => `${one};`).join('\n')} label="the SQL" />
          <Button
            size={size}
            variant="default"
            disabled={run.isPending}
            onClick={() => {
              run.reset()
              onDiscard()
            }}
          >
            Discard
          </Button>
          <Button
            size={size}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            Run
          </Button>
        </Group>
      </Group>
      <List
        spacing={4}
        size="sm"
        className={classes['statements']}
        tabIndex={0}
        aria-label="SQL to run"
      >
        {statements.map((statement, index) => (
          <List.Item
            key={statement}
            icon={<Progress index={index} ran={ran} failedAt={failedAt} />}
          >
            <Mono>{statement};</Mono>
          </List.Item>
        ))}
      </List>
      {run.error && (
        <>
          <ProblemNotice error={run.error} />
          <Text size="sm" mt="xs">
            {ran === 0
              ? 'Nothing was changed.'
              : `The statements before it (${ran}) were made; those after it were not.`}
          </Text>
        </>
      )}
    </Paper>
  )
}

interface ProgressProps {
  readonly index: number
  readonly ran: number
  readonly failedAt: number | undefined
}

function Progress({ index, ran, failedAt }: ProgressProps) {
  const [color, Symbol, label] =
    index === failedAt
      ? (['red', IconX, 'failed:'] as const)
      : index < ran
        ? (['teal', IconCheck, 'done:'] as const)
        : (['gray', IconPoint, undefined] as const)
  return (
    <ThemeIcon size={18} radius="xl" variant="light" color={color}>
      <Symbol
        size={12}
        {...(label === undefined ? { 'aria-hidden': true } : { 'aria-label': label })}
      />
    </ThemeIcon>
  )
}
