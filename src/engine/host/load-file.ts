/** A file of a location becomes a table with an id: all of it, or nothing. */
import { realpath } from 'node:fs/promises'
import { isAbsolute, relative } from 'node:path'
import { GatewayError } from '../../base/gateway-error.ts'
import type { LoadFileCall, Replies } from '../wire/request.ts'
import type { HostContext } from './host-context.ts'
import { HostPortal } from './host-portal.ts'
import { HostSession } from './host-session.ts'
import { literal, quoteFullName } from './quote-name.ts'

/** Definitions may change between the look at their version and the start; rarely, and not for long. */
const ATTEMPTS_MAX = 10

/** No portal of the gateway has it. */
const NO_PORTAL = 0

/**
 * @throws GatewayError as the engine says; `insufficient_privilege` for a path outside the
 *         directories. Nothing is left behind then.
 */
export async function loadFile(
  context: HostContext,
  allowedDirectories: readonly string[],
  call: LoadFileCall,
  signal: AbortSignal,
): Promise<Replies['loadFile']> {
  const path = await pathInside(allowedDirectories, call.path)
  for (let attempt = 1; ; attempt += 1) {
    const session = new HostSession(context)
    try {
      return { rows: await load(context, session, call, path, signal) }
    } catch (error) {
      const stale = error instanceof GatewayError && error.safeToRetry
      if (!stale || attempt === ATTEMPTS_MAX) throw error
    } finally {
      await session.close()
    }
  }
}

async function load(
  context: HostContext,
  session: HostSession,
  call: LoadFileCall,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  const { database, schema, table, tableId, format } = call
  const target = quoteFullName(database, schema, table)
  const reader = format === 'parquet' ? 'read_parquet' : 'read_csv'
  const portal = new HostPortal(context, session, NO_PORTAL, { kind: 'json_lines' }, 0)
  const onAbort = (): void => void portal.cancel()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) await portal.cancel()
    session.begin('read committed', false)
    await session.run(portal, {
      session: 0,
      text: `CREATE TABLE ${target} AS SELECT * FROM ${reader}(${literal(path)})`,
      catalogVersion: context.versions.current,
      files: [],
      further: [],
      action: {
        kind: 'define',
        database,
        registers: [{ id: tableId, kind: 'table', schema, name: table }],
        unregisters: [],
        amends: [],
        countsRows: true,
      },
      parameters: [],
      format: portal.format,
      rowsMax: 0,
    })
    await session.commit()
    return portal.count ?? 0
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The file's real path: a link inside a directory must not lead out of it. */
async function pathInside(directories: readonly string[], path: string): Promise<string> {
  const real = await realpath(path).catch((cause: unknown) => {
    throw new GatewayError('undefined_object', 'there is no such file', { cause })
  })
  const roots = await Promise.all(directories.map((directory) => realpath(directory)))
  const inside = roots.some((root) => {
    const below = relative(root, real)
    return below !== '' && !below.startsWith('..') && !isAbsolute(below)
  })
  if (inside) return real
  throw new GatewayError('insufficient_privilege', 'the file is in none of the locations', {
    hint: 'Add its directory to the locations of the configuration, and restart the gateway.',
  })
}
