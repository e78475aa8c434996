/** DROP SEQUENCE [IF EXISTS] name [, …] [RESTRICT]. Needs DDL on each; none may be a default's. */
import { GatewayError } from '../base/gateway-error.ts'
import type { SequenceEntry } from '../catalog/catalog-snapshot.ts'
import { tableDrawingFrom } from '../catalog/drawn-by-default.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { GateContext } from './gate-context.ts'
import { readHead, readName } from './head-cursor.ts'
import { nothingThere } from './nothing-there.ts'
import { quoteFullName } from './quote-name.ts'
import { notSupported } from './refusals.ts'
import { requireAll } from './require-all.ts'
import { needOnSequence } from './requirements.ts'
import { findSequence, findTable, seesTable } from './visible-names.ts'

export function checkDropSequence(context: GateContext): CheckedStatement {
  const { cursor } = readHead(context)
  cursor.expect('drop', 'sequence')
  const ifExists = cursor.accept('if', 'exists')
  const names = cursor.list(() => readName(cursor))
  if (cursor.sees('cascade')) throw notSupported('DROP SEQUENCE … CASCADE')
  cursor.accept('restrict')
  cursor.expectEnd()

  const found = names.map((parts) => ({ parts, sequence: findSequence(parts, context) }))
  for (const { parts, sequence } of found) if (!sequence) refuseOtherKind(parts, context)
  const missing = found.flatMap(({ parts, sequence }) =>
    sequence ? [] : [`sequence "${parts.join('.')}" does not exist`],
  )
  const [firstMissing] = missing
  if (firstMissing !== undefined && !ifExists) {
    throw new GatewayError('undefined_table', firstMissing)
  }
  const sequences = [...new Set(found.flatMap(({ sequence }) => sequence ?? []))]
  const requires = requireAll(
    sequences.flatMap((sequence) => needOnSequence('DDL', sequence)),
    context.authority,
  )
  for (const sequence of sequences) refuseBeneathDefault(sequence, context)
  const [first] = sequences
  if (!first) return nothingThere(context, 'DROP SEQUENCE', ...missing)
  const { database } = first.schema
  if (sequences.some(({ schema }) => schema.database.name !== database.name)) {
    throw notSupported('DROP SEQUENCE in several databases', 'Write one statement for each.')
  }
  const [text = '', ...further] = sequences.map(
    ({ name, schema }) =>
      `DROP SEQUENCE ${quoteFullName(database.name, schema.name, name)} RESTRICT`,
  )
  return {
    text,
    further,
    action: {
      kind: 'define',
      tag: 'DROP SEQUENCE',
      database: database.name,
      registers: [],
      unregisters: sequences.map(({ id }) => id),
      notices: missing.map((reason) => `${reason}, skipping`),
      countsRows: false,
    },
    requires,
    personal: false,
    reusable: false,
  }
}

function refuseOtherKind(parts: readonly string[], context: GateContext): void {
  const table = findTable(parts, context)
  if (!table) return
  throw new GatewayError('wrong_object_type', `"${table.name}" is not a sequence`, {
    hint: `It is a ${table.kind}.`,
  })
}

/** The engine forgets such a dependency when it is opened again. */
function refuseBeneathDefault(sequence: SequenceEntry, { catalog, authority }: GateContext): void {
  const table = tableDrawingFrom(sequence, catalog)
  if (!table) return
  const which = seesTable(authority, table) ? `table "${table.name}"` : 'a table'
  throw new GatewayError(
    'dependent_objects_still_exist',
    `cannot drop sequence "${sequence.name}" because other objects depend on it`,
    { hint: `A default of ${which} draws from it: drop the default first.` },
  )
}
