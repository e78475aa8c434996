/** Whether the record is whole: every record chained to the one before it. */
import { Alert, Button, Loader, Stack, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { verifyAudit } from '../../api/audit.ts'
import type { AuditVerification } from '../../api/audit.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Mono } from '../../ui/mono.tsx'
import { ProblemNotice, sentence } from '../../ui/problem-notice.tsx'

export function AuditVerify() {
  const [opened, setOpened] = useState(false)
  const verify = useMutation({ mutationFn: verifyAudit })
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        onClick={() => {
          setOpened(true)
          verify.mutate()
        }}
      >
        Verify
      </Button>
      {opened && (
        <Dialog title="Verify the record" onClose={() => setOpened(false)}>
          <div role="status">
            {verify.isPending && (
              <Stack align="center" py="md">
                <Loader size="sm" />
                <Text size="sm" c="dimmed">
                  Reading every record and checking its place in the chain …
                </Text>
              </Stack>
            )}
            {verify.data && <Result result={verify.data} />}
          </div>
          <ProblemNotice error={verify.error} />
        </Dialog>
      )}
    </>
  )
}

function Result({ result }: { readonly result: AuditVerification }) {
  if (!result.ok) {
    return (
      <Alert color="red" title="The record is not whole">
        <Text size="sm">
          {sentence(result.problem ?? 'A record does not fit')} In segment{' '}
          <Mono>{result.segment}</Mono>, line {result.line}.
        </Text>
        <Text size="sm" mt="xs">
          Keep a copy of the audit directory as it is now, and compare it with your backups.
        </Text>
      </Alert>
    )
  }
  return (
    <Alert color="teal" title="The record is whole">
      <Text size="sm">
        {result.records?.toLocaleString('en')} records in {result.segments?.toLocaleString('en')}{' '}
        {result.segments === 1 ? 'segment' : 'segments'}, each chained to the one before.
      </Text>
      <Text size="sm" mt="xs" style={{ overflowWrap: 'anywhere' }}>
        Head: <Mono>{result.head}</Mono>. Keep it elsewhere: with it a record that was cut at its
        end shows.
      </Text>
    </Alert>
  )
}
