/** What a chosen file is, by its first bytes; files that are something else are refused with a word about why. */
import { ApiError } from './api-error.ts'
import type { LoadFormat } from './loads.ts'

const BEGINNINGS = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    title: 'This is a workbook or a ZIP archive.',
    hint: 'Save the sheet as CSV, or unpack the archive, and choose that file.',
  },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    title: 'This is a workbook of an old kind.',
    hint: 'Save the sheet as CSV, and choose that file.',
  },
  {
    bytes: [0x1f, 0x8b],
    title: 'This file is compressed.',
    hint: 'Unpack it (gunzip), and choose the file that comes out.',
  },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    title: 'This file is compressed.',
    hint: 'Unpack it (unzstd), and choose the file that comes out.',
  },
] as const

/** `PAR1` */
const PARQUET = [0x50, 0x41, 0x52, 0x31]

/** @throws ApiError for what can be neither; also for a file that cannot be read. */
export async function formatOf(file: Blob & { readonly name: string }): Promise<LoadFormat> {
  if (file.size === 0) throw wrong('This file is empty.', 'Choose one with rows in it.')
  const start = await file
    .slice(0, 4)
    .arrayBuffer()
    .catch(() => {
      throw wrong('This file cannot be read.', 'Choose a file, not a folder, that is still there.')
    })
  const found = new Uint8Array(start)
  const beginsWith = (bytes: readonly number[]) => bytes.every((byte, at) => found[at] === byte)
  if (beginsWith(PARQUET) || /\.(parquet|pq)$/i.test(file.name)) return 'parquet'
  const other = BEGINNINGS.find(({ bytes }) => beginsWith(bytes))
  if (other) throw wrong(other.title, other.hint)
  return 'csv'
}

function wrong(title: string, hint: string): ApiError {
  return new ApiError({ status: 0, code: 'invalid_parameter_value', title, hint })
}
