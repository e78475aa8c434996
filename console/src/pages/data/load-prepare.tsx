/** Before a load begins: how its file is read, its columns, its table, and what is wrong with them. */
import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { UseMutationResult } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { ApiError } from '../../api/api-error.ts'
import { checkQuery, previewQuery } from '../../api/loads.ts'
import type { Load, LoadPreview, LoadPreviewRequest, LoadStart } from '../../api/loads.ts'
import { objectsQuery } from '../../api/roles.ts'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { BadRows } from './bad-rows.tsx'
import { ColumnsTable } from './columns-table.tsx'
import { CsvOptions } from './csv-options.tsx'
import {
  badValues,
  requestColumns,
  shownColumns,
  tableOf,
  typesOfTable,
  withColumn,
  withCsv,
} from './load-choice.ts'
import type { ColumnEdit, LoadChoice, TableTypes, Target } from './load-choice.ts'
import { TargetFields } from './target-fields.tsx'

interface LoadPrepareProps {
  readonly load: Load
  readonly choice: LoadChoice
  readonly onChoose: (choice: LoadChoice) => void
  readonly start: UseMutationResult<Load, Error, LoadStart>
}

const shell = getRouteApi('/shell')

/** Somebody who types is not interrupted. */
const CHECK_WAIT_MS = 400

export function LoadPrepare({ load, choice, onChoose, start }: LoadPrepareProps) {
  const { id, format } = load
  const preview = useQuery(previewQuery(id, choice.csv))
  const shown = useLastDefined(preview.data)
  const columns = shown ? shownColumns(shown, choice) : []
  const { mode } = choice.target
  const ofTable = useTypesOfTable(choice.target)
  const table = tableOf(choice.target)
  const request: LoadPreviewRequest = {
    csv: choice.csv,
    columns: requestColumns(columns, format, mode, ofTable),
    ...(table && { table, mode }),
  }
  const check = useCheck(id, request, preview.isSuccess)
  // What was refused counts until something else is chosen.
  const refused = JSON.stringify(start.variables) === JSON.stringify(request) ? start.error : null
  const error = refused ?? check.error
  const area = areaOf(error)

  if (!shown) {
    return preview.error ? <ProblemNotice error={preview.error} /> : <Skeleton height={320} />
  }
  const included = columns.filter((column) => column.included).length
  const badRows = check.data?.badRows ?? shown.badRows
  const edit = (changes: ReadonlyMap<number, ColumnEdit>) =>
    onChoose([...changes].reduce((sum, [from, change]) => withColumn(sum, from, change), choice))
  return (
    <Stack gap="lg">
      {shown.csv && (
        <Section title="How the file is read">
          <CsvOptions
            reading={shown.csv}
            error={preview.error ?? (area === 'csv' ? error : null)}
            onChange={(change) => onChoose(withCsv(choice, change))}
          />
        </Section>
      )}
      <Section title="Columns and first rows">
        <Findings badRows={badRows} load={load} lookedAt={shown.rowsLookedAt} />
        {area === 'columns' && <ProblemNotice error={error} />}
        {columns.length === 0 ? (
          <Alert color="orange">This file has no rows. Choose another one.</Alert>
        ) : (
          <ColumnsTable
            columns={columns}
            rows={shown.rows}
            bad={badValues(badRows)}
            types={mode === 'append' ? 'table' : format === 'csv' ? 'chosen' : 'file'}
            stale={preview.isPlaceholderData}
            onEdit={edit}
          />
        )}
      </Section>
      <Section title="Into which table">
        <TargetFields
          target={choice.target}
          error={area === 'table' ? error : null}
          onChange={(target) => onChoose({ ...choice, target })}
        />
      </Section>
      {area === 'other' && <ProblemNotice error={error} />}
      <Group gap="sm">
        <Button
          size="md"
          loading={start.isPending}
          disabled={!table || included === 0}
          onClick={() => {
            if (table) start.mutate({ ...request, table, mode })
          }}
        >
          Start loading
        </Button>
        <Text size="sm" c="dimmed">
          {!table
            ? 'Name the table first.'
            : included === 0
              ? 'Include at least one column.'
              : `${included} of ${columns.length} columns, all rows or none.`}
        </Text>
      </Group>
    </Stack>
  )
}

/** Known to those who are shown the tables. */
function useTypesOfTable(target: Target): TableTypes {
  const { me } = shell.useRouteContext()
  const objects = useQuery({
    ...objectsQuery,
    enabled: me.clusterAdmin && target.mode === 'append',
  })
  return typesOfTable(objects.data, target)
}

/** Also with the table: whether the caller may, and whether its values fit. */
function useCheck(id: string, request: LoadPreviewRequest, isReady: boolean) {
  const [asked] = useDebouncedValue(JSON.stringify(request), CHECK_WAIT_MS)
  const settled = JSON.parse(asked) as LoadPreviewRequest
  return useQuery({
    ...checkQuery(id, settled),
    enabled: isReady && (settled.columns?.length ?? 0) > 0,
  })
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-label={title}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

interface FindingsProps {
  readonly badRows: LoadPreview['badRows']
  readonly load: Load
  readonly lookedAt: number
}

function Findings({ badRows, load, lookedAt }: FindingsProps) {
  if (badRows.length === 0 || load.state === 'failed') return null
  const isOfRows = badRows.some(({ column }) => column === undefined)
  return (
    <>
      <Alert
        color="orange"
        role="status"
        title={
          isOfRows ? 'Some rows are broken' : 'Some values do not fit the type of their column'
        }
      >
        <Text size="sm">
          {isOfRows
            ? 'Nothing can be loaded as the file is read now. Look at the delimiter, quote and encoding above, or correct the file.'
            : 'Choose other types for these columns (VARCHAR keeps every text), another decimal sign or date format, or leave the columns out.'}
        </Text>
      </Alert>
      <BadRows
        label={`Bad among the first ${lookedAt.toLocaleString('en-US')} rows`}
        badRows={badRows}
        format={load.format}
        maxHeight="11rem"
      />
    </>
  )
}

/** Where on the screen an error belongs. */
function areaOf(error: unknown): 'csv' | 'columns' | 'table' | 'other' {
  const { field = '' } = error instanceof ApiError ? error.problem : {}
  const [member] = field.split('.')
  return member === 'csv' || member === 'columns' || member === 'table' ? member : 'other'
}

/** What was there before stays while there is nothing new. */
function useLastDefined<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value)
  if (value !== undefined && value !== last) setLast(value)
  return value ?? last
}
