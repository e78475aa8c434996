/** A Parquet file's columns and first rows, as the engine reads them. */
import { open } from 'node:fs/promises'
import { GatewayError } from '../base/gateway-error.ts'
import { typeName } from '../columnar/parse-type-name.ts'
import type { Executor } from '../execution/executor.ts'
import { columnNames } from './column-names.ts'
import type { PreviewChoice } from './loads.ts'
import { noSuchColumn } from './look.ts'
import type { Look } from './look.ts'
import { peek } from './run-load.ts'

const PEEK_ROWS = 50
const SHOWN_CHARACTERS_MAX = 200

export async function lookAtParquet(
  executor: Executor,
  { path, fileName }: { readonly path: string; readonly fileName: string },
  { columns: chosen }: PreviewChoice,
  signal: AbortSignal,
): Promise<Look> {
  const file = { format: 'parquet', path } as const
  const found = await peek(executor, fileName, file, PEEK_ROWS, signal)
  const names = columnNames(found.columns.map(({ name }) => name))
  const choice = chosen ?? names.map((name, from) => ({ from, name, type: undefined }))
  const columns = choice.map(({ from, name }) => {
    const inFile = found.columns[from]
    if (!inFile) throw noSuchColumn(from, found.columns.length)
    return { from: inFile.name, fromType: typeName(inFile.type), name }
  })
  const preview = {
    columns: columns.map(({ from, fromType, name }, at) => ({
      from: choice[at]?.from ?? at,
      name,
      type: fromType,
      fileName: from,
    })),
    rows: found.rows.map((row) => choice.map(({ from }) => shownCell(row[from]))),
    badRows: [],
    rowsLookedAt: found.rows.length,
  }
  return { preview, file, columns }
}

/** `PAR1` at both ends: what is not so is named before anything is made of it. */
export async function checkParquet(path: string): Promise<void> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const both = Buffer.alloc(8)
    await handle.read(both, 0, 4, 0)
    await handle.read(both, 4, 4, Math.max(0, size - 4))
    if (size >= 12 && both.toString('latin1') === 'PAR1PAR1') return
  } finally {
    await handle.close()
  }
  throw new GatewayError('invalid_parameter_value', 'this is not a Parquet file', {
    field: 'format',
    hint: 'A Parquet file begins and ends with the bytes PAR1. Was it cut, or is it CSV?',
  })
}

function shownCell(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text
}
