/** How a CSV file is most likely written, from its first part. Every guess can be overruled. */
import { open } from 'node:fs/promises'
import type { CsvReading } from '../sql/load-statement.ts'
import { fieldText, isBlank, readRecord } from './csv-record.ts'
import type { CsvRecord } from './csv-record.ts'
import { TypeGuess } from './guess-type.ts'

const PART_BYTES = 1024 * 1024
const RECORDS_MAX = 100
const DELIMITERS = [',', ';', '\t', '|']

/** @param chosen What is known already, and not guessed. */
export async function sniffCsv(file: string, chosen: Partial<CsvReading>): Promise<CsvReading> {
  const { part, isWhole } = await readPart(file)
  const rest = {
    quote: '"',
    escape: 'double',
    encoding: 'utf-8',
    nullTexts: [],
    decimal: '.',
    dateFormat: 'YYYY-MM-DD',
    ...chosen,
  } as const
  const delimiter =
    chosen.delimiter ?? bestDelimiter((one) => records(part, isWhole, { ...rest, delimiter: one }))
  const reading = { ...rest, delimiter }
  const header = chosen.header ?? looksLikeHeader(part, records(part, isWhole, reading)[0], reading)
  return { ...reading, header }
}

async function readPart(file: string): Promise<{ part: Buffer; isWhole: boolean }> {
  const handle = await open(file)
  try {
    const part = Buffer.alloc(PART_BYTES)
    const { bytesRead } = await handle.read(part, 0, PART_BYTES, 0)
    const start = part.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0
    return { part: part.subarray(start, bytesRead), isWhole: bytesRead < PART_BYTES }
  } finally {
    await handle.close()
  }
}

type Dialect = Omit<CsvReading, 'header'>

function records(part: Buffer, isWhole: boolean, dialect: Dialect): CsvRecord[] {
  const found: CsvRecord[] = []
  let at = 0
  while (at < part.length && found.length < RECORDS_MAX) {
    const record = readRecord(part, at, dialect, isWhole)
    if (!record) break
    if (!isBlank(record)) found.push(record)
    at = record.end
  }
  return found
}

/** The one with which most records have as many fields as the first, and more than one. */
function bestDelimiter(read: (delimiter: string) => CsvRecord[]): string {
  let best = { delimiter: ',', share: 0, fields: 1 }
  for (const delimiter of DELIMITERS) {
    const found = read(delimiter)
    const fields = found[0]?.fields.length ?? 0
    if (fields < 2) continue
    const alike = found.filter((one) => one.fields.length === fields && !one.problem).length
    const share = alike / found.length
    if (share > best.share || (share === best.share && fields > best.fields)) {
      best = { delimiter, share, fields }
    }
  }
  return best.delimiter
}

/** All texts, no number nor date among them, none twice. */
function looksLikeHeader(part: Buffer, first: CsvRecord | undefined, dialect: Dialect): boolean {
  if (!first) return true
  const texts = first.fields.map((field) => fieldText(part, field, dialect)?.trim() ?? '')
  const named = texts.filter((text) => text !== '')
  const plain = named.every((text) => {
    const guess = new TypeGuess(dialect.decimal)
    guess.see(text)
    return !guess.isSpecific
  })
  return named.length > 0 && plain && new Set(named).size === named.length
}
