/**
 * Errors about files, where foreign tables are read.
 *
 * Where a file lies on the server is nobody's business. Which file of a location is wrong, and where,
 * is told to whoever may read all of the foreign table itself; to others, such as readers of a view
 * over it, no more than that something is.
 */
import { relative, sep } from 'node:path'
import { GatewayError } from '../base/gateway-error.ts'
import type { ErrorKind, FilePlace } from '../base/gateway-error.ts'
import type { Permit, PermittedFiles } from '../identity/permit.ts'

/** The error as the client may see it; undefined for one that is about no file. */
export function errorOfFile(
  thrown: GatewayError,
  { files }: Pick<Permit, 'files'>,
): GatewayError | undefined {
  const { place, hint } = thrown
  if (!place || files.length === 0) return undefined
  const kind = kindOf(thrown, place)
  const table = tableOf(place, files)
  if (!table?.told) {
    return new GatewayError(kind, 'a file of a foreign table cannot be read', { cause: thrown })
  }
  return new GatewayError(kind, `foreign table "${table.name}": ${whatOf(thrown, place)}`, {
    detail: `In ${placeIn(table, place)}.`,
    ...(hint !== undefined && { hint }),
    cause: thrown,
  })
}

/** The foreign table that a file may be of. */
export function tableOf(
  { path }: FilePlace,
  files: readonly PermittedFiles[],
): PermittedFiles | undefined {
  return files.find(({ directory }) => path.startsWith(directory + sep))
}

function kindOf({ kind }: GatewayError, { column, line }: FilePlace): ErrorKind {
  if (column !== undefined) return 'invalid_text_representation'
  return line === undefined ? kind : 'data_exception'
}

/** The engine's own text may quote the whole record. */
function whatOf({ kind, message }: GatewayError, { column, line }: FilePlace): string {
  if (column !== undefined) return `a value does not fit column "${column}"`
  if (line !== undefined) return 'a record cannot be read'
  return OURS.has(kind) ? message : 'a file cannot be read'
}

const OURS: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'undefined_object',
  'object_not_in_prerequisite_state',
])

/** `file "location/path"`, and the line or the record where one is known. */
function placeIn({ location, directory }: PermittedFiles, place: FilePlace): string {
  const { path, line, record } = place
  const inside = relative(directory, path).split(sep).join('/')
  const inFile = `file "${location}/${inside}"`
  if (line !== undefined) return `${inFile}, line ${line}`
  return record === undefined ? inFile : `${inFile}, record ${record}`
}
