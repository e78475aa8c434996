/** bluegate load FILE --table [db.][schema.]name: a CSV or Parquet file into a table, all or nothing. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from 'commander'
import { ERROR_KINDS, GatewayError } from '../../base/gateway-error.ts'
import type { CliPorts } from '../cli-ports.ts'
import { CommandContext, command, gather } from '../command-context.ts'
import type { CommonFlags } from '../command-context.ts'
import { formatCount } from '../format-table.ts'
import { badRowsTable, previewTable } from '../load-answers.ts'
import type { LoadAnswer, PreviewAnswer } from '../load-answers.ts'
import { LoadProgress } from '../load-progress.ts'

interface Flags extends CommonFlags {
  readonly table: string
  readonly append?: boolean
  readonly format?: string
  readonly delimiter?: string
  readonly header?: boolean
  readonly encoding?: string
  readonly null?: string[]
  readonly decimal?: string
  readonly dateFormat?: string
  readonly type?: string[]
  readonly dryRun?: boolean
}

const LOOK_AGAIN_MS = 200

export function loadCommand(ports: CliPorts): Command {
  return command('load', 'load a CSV or Parquet file into a table: all of it, or nothing')
    .argument('<file>', 'the file')
    .requiredOption('-t, --table <name>', 'the table: [database.][schema.]name')
    .option('--append', 'add the rows to a table that exists')
    .option('--format <format>', 'csv or parquet (default: by the name of the file)')
    .option('--delimiter <character>', 'between the fields of a CSV file; \\t is a tab')
    .option('--header', 'the first line holds names')
    .option('--no-header', 'the first line is a row')
    .option('--encoding <name>', 'utf-8 or latin-1')
    .option('--null <text>', 'a field that stands for no value (repeatable)', gather)
    .option('--decimal <character>', 'decimal point (.) or comma (,)')
    .option('--date-format <format>', 'such as DD.MM.YYYY')
    .option('--type <column=type>', 'type of a column of a new table (repeatable)', gather)
    .option('--dry-run', 'show what would be loaded, and load nothing')
    .action(async (file: string, flags: Flags) => {
      await load(new CommandContext(ports, flags), file, flags)
    })
}

async function load(context: CommandContext, file: string, flags: Flags): Promise<void> {
  const { ports, gateway } = context
  const table = tableOf(flags.table)
  const choice = { csv: csvOf(flags) }
  const mode = flags.append ? 'append' : 'create'
  const progress = new LoadProgress(context.json ? undefined : ports.progressStream)
  const interruption = new AbortController()
  const stopListening = ports.onInterrupt?.(() => interruption.abort()) ?? (() => undefined)
  let id: string | undefined
  try {
    const sent = await send(context, file, flags, progress, interruption.signal)
    id = sent.id
    const seen =
      choice.csv === undefined
        ? sent.preview
        : await gateway.post<PreviewAnswer>(`/api/v1/loads/${id}/preview`, choice)
    const columns = typed(seen, flags.type ?? [])
    if (flags.dryRun) {
      const chosen = { table, mode, ...choice, ...(columns && { columns }) }
      const preview = await gateway.post<PreviewAnswer>(`/api/v1/loads/${id}/preview`, chosen)
      return await showPreview(context, preview)
    }
    if (!context.json) await ports.write(previewTable(withTypes(seen, columns)))
    const start = { table, mode, ...choice, ...(columns && { columns }) }
    await gateway.post(`/api/v1/loads/${id}/start`, start)
    const ended = await untilEnded(context, id, progress, interruption.signal)
    progress.end()
    await report(context, ended, `${table.database}.${table.schema}.${table.name}`)
  } finally {
    progress.end()
    stopListening()
    if (id !== undefined) await gateway.delete(`/api/v1/loads/${id}`).catch(() => undefined)
  }
}

async function send(
  { gateway }: CommandContext,
  file: string,
  flags: Flags,
  progress: LoadProgress,
  signal: AbortSignal,
): Promise<LoadAnswer & { readonly preview: PreviewAnswer }> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new GatewayError(
      'undefined_object',
      `${file}: there is no such file, or it may not be read`,
      {
        cause,
      },
    )
  })
  const format = flags.format ?? (file.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv')
  const query = new URLSearchParams({ format, fileName: path.basename(file).slice(-255) })
  let sent = 0
  const stream = createReadStream(file, { signal })
  stream.on('data', (part) => {
    sent += part.length
    progress.show('sending', size === 0 ? 1 : sent / size)
  })
  try {
    return await gateway.upload(`/api/v1/loads?${query.toString()}`, stream, size)
  } catch (thrown) {
    throw signal.aborted ? cancelled() : thrown
  }
}

/** Asks until it does not run any more. An interruption cancels it, once. */
async function untilEnded(
  { gateway }: CommandContext,
  id: string,
  progress: LoadProgress,
  signal: AbortSignal,
): Promise<LoadAnswer> {
  for (;;) {
    if (signal.aborted) return await gateway.delete<LoadAnswer>(`/api/v1/loads/${id}`)
    const load = await gateway.get<LoadAnswer>(`/api/v1/loads/${id}`)
    if (load.state !== 'running') return load
    progress.show('loading', (load.percent ?? 0) / 100)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_AGAIN_MS)
      signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    })
  }
}

/** @throws GatewayError of a load that did not succeed, after what is known of it was printed. */
async function report(context: CommandContext, load: LoadAnswer, table: string): Promise<void> {
  const { badRows, badRowCount, badRowsUncounted, state, error } = load
  if (state === 'succeeded') {
    const rows = formatCount(load.rowsLoaded ?? 0, 'row')
    return await context.print(load, () => `${rows} loaded into ${table}\n`)
  }
  if (context.json) await context.print(load, () => '')
  else if (badRowCount > 0) {
    await context.ports.write(badRowsTable(badRows, badRowCount, badRowsUncounted))
  }
  if (state === 'cancelled' || !error) throw cancelled()
  const kind = ERROR_KINDS.find((one) => one === error.code) ?? 'internal'
  throw new GatewayError(kind, error.title, error.hint === undefined ? {} : { hint: error.hint })
}

async function showPreview(context: CommandContext, preview: PreviewAnswer): Promise<void> {
  const { badRows } = preview
  await context.print(preview, () => {
    const bad = badRows.length === 0 ? '' : badRowsTable(badRows, badRows.length, false)
    return `${previewTable(preview)}${bad}`
  })
  if (badRows.length === 0) return
  throw new GatewayError('data_exception', 'nothing would be loaded: there are bad rows')
}

function cancelled(): GatewayError {
  return new GatewayError('cancelled', 'the load was cancelled: nothing was loaded')
}

/** `[database.][schema.]name`; a part with a dot stands in double quotes. */
function tableOf(text: string): { database: string; schema: string; name: string } {
  const parts = text.match(/"(?:[^"]|"")+"|[^."]+/g) ?? []
  const [name, schema = 'public', database = 'master', ...more] = parts
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
    .toReversed()
  if (name !== undefined && more.length === 0 && parts.join('.') === text) {
    return { database, schema, name }
  }
  throw new GatewayError('invalid_parameter_value', `--table ${text}: this is no name of a table`, {
    hint: 'Write name, schema.name or database.schema.name; a part with a dot in double quotes.',
  })
}

function csvOf(flags: Flags): object | undefined {
  const { delimiter, header, encoding, decimal, dateFormat } = flags
  const csv = {
    ...(delimiter !== undefined && { delimiter: delimiter === '\\t' ? '\t' : delimiter }),
    ...(header !== undefined && { header }),
    ...(encoding !== undefined && { encoding }),
    ...(flags.null !== undefined && { nullTexts: flags.null }),
    ...(decimal !== undefined && { decimal }),
    ...(dateFormat !== undefined && { dateFormat }),
  }
  return Object.keys(csv).length === 0 ? undefined : csv
}

type Columns = readonly { readonly from: number; readonly name: string; readonly type?: string }[]

/** All columns, with the types that were named; undefined when none was. */
function typed(preview: PreviewAnswer, types: readonly string[]): Columns | undefined {
  if (types.length === 0) return undefined
  const named = new Map(types.map(splitType))
  const columns = preview.columns.map(({ from, name, type }) => ({
    from,
    name,
    type: named.get(name) ?? type,
  }))
  const unknown = [...named.keys()].find((name) => !columns.some((one) => one.name === name))
  if (unknown === undefined) return columns
  throw new GatewayError('undefined_column', `--type ${unknown}: the file has no such column`, {
    hint: `Its columns: ${columns.map(({ name }) => name).join(', ')}.`,
  })
}

function splitType(text: string): [string, string] {
  const at = text.lastIndexOf('=')
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)]
  throw new GatewayError('invalid_parameter_value', `--type ${text}: write column=TYPE`)
}

function withTypes(preview: PreviewAnswer, columns: Columns | undefined): PreviewAnswer {
  if (!columns) return preview
  return {
    ...preview,
    columns: preview.columns.map((column, at) => ({
      ...column,
      type: columns[at]?.type ?? column.type,
    })),
  }
}
