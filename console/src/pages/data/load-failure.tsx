/** Nothing was loaded: why, row by row. */
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Load } from '../../api/loads.ts'
import { sentence } from '../../ui/problem-notice.tsx'
import { BadRows } from './bad-rows.tsx'

export function LoadFailure({ load }: { readonly load: Load }) {
  const { error, badRows, badRowCount, badRowsUncounted, format } = load
  return (
    <Stack gap="md">
      <Alert
        color="red"
        role="alert"
        icon={<IconAlertTriangle aria-hidden />}
        title={sentence(error?.title ?? 'nothing was loaded')}
      >
        {error?.detail !== undefined && <Text size="sm">{sentence(error.detail)}</Text>}
        {error?.hint !== undefined && <Text size="sm">{sentence(error.hint)}</Text>}
        <Text size="sm">
          {badRowCount > 0 && !/nothing was loaded/i.test(error?.title ?? '')
            ? 'Nothing was loaded. '
            : ''}
          The file is still here: change below how it is read, and start again without sending it
          again.
        </Text>
      </Alert>
      {badRows.length > 0 && (
        <BadRows label="Bad rows" badRows={badRows} format={format} maxHeight="22rem">
          {(badRowCount > badRows.length || badRowsUncounted) &&
            `These are the first; ${badRowsUncounted ? 'more than ' : ''}${badRowCount.toLocaleString('en-US')} rows are bad.`}
        </BadRows>
      )}
    </Stack>
  )
}
