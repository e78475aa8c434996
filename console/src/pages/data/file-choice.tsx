/** Where a file is dropped or chosen, and how much of it is sent. */
import { Button, Group, Paper, Progress, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconFileTypeCsv, IconUpload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import type { DragEvent } from 'react'
import { beginUpload, endUpload, useUpload } from '../../api/current-upload.ts'
import type { Upload } from '../../api/current-upload.ts'
import { byteSize } from '../../ui/byte-size.ts'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import classes from './file-choice.module.css'

export function FileChoice() {
  const upload = useUpload()
  if (upload?.state === 'sending') return <Sending upload={upload} />
  return (
    <Stack gap="md">
      {upload?.state === 'failed' && (
        <ProblemNotice error={upload.error}>
          <Text size="sm" mt={4}>
            Nothing of {upload.file.name} was kept.
          </Text>
        </ProblemNotice>
      )}
      <DropZone />
    </Stack>
  )
}

function DropZone() {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [tooMany, setTooMany] = useState(false)
  const take = (files: FileList | null) => {
    setTooMany((files?.length ?? 0) > 1)
    const [file] = files ?? []
    if (file && files?.length === 1) void beginUpload(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <div
      className={classes['zone']}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        const { currentTarget, relatedTarget } = event
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget)))
          setOver(false)
      }}
      onDrop={drop}
    >
      <ThemeIcon size={44} radius="xl" variant="light" aria-hidden>
        <IconUpload size={22} stroke={1.6} />
      </ThemeIcon>
      <Text fw={600}>Drop a CSV or Parquet file here</Text>
      <Text size="sm" c="dimmed" maw="30rem">
        You see its columns and first rows before anything is loaded, and can change names, types
        and how the file is read.
      </Text>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.parquet,.pq,text/csv"
        aria-label="CSV or Parquet file"
        onChange={(event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = '' // the same file can be chosen again
        }}
      />
      <Button
        leftSection={<IconFileTypeCsv size={16} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        Choose a file
      </Button>
      {tooMany && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          One file at a time: drop them one after the other.
        </Text>
      )}
    </div>
  )
}

function Sending({ upload }: { readonly upload: Upload & { readonly state: 'sending' } }) {
  const { file, sentBytes } = upload
  const percent = file.size === 0 ? 0 : Math.min(100, (100 * sentBytes) / file.size)
  const isThere = sentBytes >= file.size
  return (
    <Paper withBorder p="lg">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
            {isThere ? `Looking at ${file.name} …` : `Sending ${file.name} …`}
          </Text>
          <Button variant="default" size="compact-sm" onClick={endUpload}>
            Cancel
          </Button>
        </Group>
        <Progress.Root size="lg">
          <Progress.Section
            value={percent}
            aria-label={`Sending ${file.name}`}
            animated={isThere}
            striped={isThere}
          />
        </Progress.Root>
        <Text size="sm" c="dimmed">
          {byteSize(Math.min(sentBytes, file.size))} of {byteSize(file.size)} ({Math.floor(percent)}{' '}
          %). It goes on while you look at other pages of the console.
        </Text>
      </Stack>
    </Paper>
  )
}
