/**
 * Loads: the only statements that read a file. The caller names an upload of its own, never a path
 * and never a reader; what runs is written here, from checked parts alone.
 *
 * There is no plan to verify: nothing but the file is read, and the target is named in full.
 */
import { randomUUID } from 'node:crypto'
import { GatewayError, blaming } from '../base/gateway-error.ts'
import type { ColumnEntry } from '../catalog/catalog-snapshot.ts'
import type { Requirement } from '../identity/permission.ts'
import type { LoadColumn, LoadTarget } from '../sql/load-statement.ts'
import type { CheckedStatement } from './checked-statement.ts'
import type { DrawnSequences } from './drawn-sequences.ts'
import type { LoadAuthorization } from './gate.ts'
import { checkLoadColumns } from './load-columns.ts'
import { checkLoadName } from './load-name.ts'
import { readerText } from './load-reader.ts'
import { badRowsText, rowsText } from './load-text.ts'
import { quoteFullName, quoteName } from './quote-name.ts'
import { noSuchColumn, noSuchRelation, noSuchSchema, notSupported } from './refusals.ts'
import { isRelationName } from './relation-name.ts'
import { requireAll } from './require-all.ts'
import { needOnSchema, needOnTable } from './requirements.ts'
import { findSchema, findTable } from './visible-names.ts'

/**
 * @param uploadsDirectory Undefined: this gateway takes no files.
 * @param sequences collects those that defaults draw from.
 */
export function checkLoad(
  request: LoadAuthorization,
  uploadsDirectory: string | undefined,
  sequences: DrawnSequences,
): CheckedStatement {
  const { load } = request
  const reader = inField('csv', () => readerText(load.file, uploadsDirectory))
  if (load.step === 'peek') return read(`SELECT * FROM ${reader} LIMIT ${whole(load.rowsMax)}`, [])
  const { target: wanted } = load
  const target =
    wanted && inField('table', () => targetOf(wanted, load.columns, request, sequences))
  const columns = inField('columns', () =>
    checkLoadColumns(load.file, load.columns, target?.columns),
  )
  const requires = target?.requires ?? []
  if (load.step === 'find_bad') {
    const limit = load.rowsMax === undefined ? '' : ` LIMIT ${whole(load.rowsMax)}`
    return read(badRowsText(`(SELECT * FROM ${reader}${limit})`, columns), requires)
  }
  if (load.step === 'check') return read('SELECT 0 LIMIT 0', requires)
  const rows = rowsText(reader, columns)
  const { schema, name, mode, database } = target ?? missingTarget()
  const full = quoteFullName(database, schema, name)
  const common = { requires, personal: false, reusable: false }
  if (mode === 'append') {
    const names = columns.map((column) => quoteName(column.name)).join(', ')
    return {
      ...common,
      text: `INSERT INTO ${full} (${names}) ${rows}`,
      action: { kind: 'write', tag: 'INSERT' },
    }
  }
  return {
    ...common,
    text: `CREATE TABLE ${full} AS ${rows}`,
    action: {
      kind: 'define',
      tag: 'CREATE TABLE',
      database,
      registers: [{ id: randomUUID(), kind: 'table', schema, name }],
      unregisters: [],
      countsRows: true,
    },
  }
}

/** What is wrong in it names the member of the request; a right that is missing is no member's fault. */
function inField<T>(field: string, check: () => T): T {
  try {
    return check()
  } catch (thrown) {
    const isOfField = thrown instanceof GatewayError && thrown.kind !== 'insufficient_privilege'
    throw isOfField ? blaming(thrown, field) : thrown
  }
}

function read(text: string, requires: readonly Requirement[]): CheckedStatement {
  return { text, requires, action: { kind: 'read' }, personal: false, reusable: false }
}

interface Target {
  readonly mode: LoadTarget['mode']
  readonly database: string
  readonly schema: string
  readonly name: string
  readonly requires: readonly Requirement[]
  /** Of a table that is there, one for each of the load's columns. */
  readonly columns: readonly ColumnEntry[] | undefined
}

function targetOf(
  { mode, database, schema, name }: LoadTarget,
  columns: readonly LoadColumn[],
  request: LoadAuthorization,
  sequences: DrawnSequences,
): Target {
  if (mode === 'append') {
    const table = findTable([database, schema, name], request)
    if (!table) throw new GatewayError('undefined_table', noSuchRelation([schema, name]))
    const requires = requireAll(needOnTable('INSERT', table), request.authority)
    if (table.kind !== 'table') throw notSupported(`loading into a ${table.kind}`)
    const known = columns.map((column) => {
      const lower = column.name.toLowerCase()
      const found = table.columns.find((one) => one.name.toLowerCase() === lower)
      if (found) return found
      const { message } = noSuchColumn(column.name, table)
      throw new GatewayError('undefined_column', message, {
        field: 'columns',
        hint: `Columns of the table: ${table.columns.map((one) => one.name).join(', ')}.`,
      })
    })
    const others = table.columns.filter((column) => !known.includes(column))
    sequences.addDefaultsOf(others, request.catalog)
    const { schema: holder } = table
    return {
      mode,
      database: holder.database.name,
      schema: holder.name,
      name: table.name,
      requires,
      columns: known,
    }
  }
  const holder = findSchema([database, schema], request)
  if (!holder) throw noSuchSchema([schema])
  const requires = requireAll(
    [...needOnSchema('USAGE', holder), ...needOnSchema('CREATE', holder)],
    request.authority,
  )
  checkLoadName(name, 'table')
  if (isRelationName(name, holder, request.catalog)) {
    throw new GatewayError('duplicate_table', `relation "${name}" already exists`, {
      hint: 'Choose another name, or add the rows to the table.',
    })
  }
  return {
    mode,
    database: holder.database.name,
    schema: holder.name,
    name,
    requires,
    columns: undefined,
  }
}

function whole(number: number): string {
  if (Number.isSafeInteger(number) && number >= 0) return String(number)
  throw new GatewayError('invalid_parameter_value', 'a number of rows is a whole number')
}

function missingTarget(): never {
  throw new GatewayError('invalid_parameter_value', 'a load needs a table')
}
