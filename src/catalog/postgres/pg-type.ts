/** The types that columns can have, and their arrays. */
import { always, boolean, oid, relation, smallint, text } from './catalog-relation.ts'
import { OWNER, PG_CATALOG } from './postgres-world.ts'
import { BUILT_IN_TYPES, collationOf } from './type-names.ts'

interface TypeRow {
  readonly oid: number
  readonly name: string
  readonly length: number
  readonly byValue: boolean
  readonly category: string
  readonly preferred: boolean
  readonly alignment: string
  readonly element: number
  readonly array: number
}

const ROWS: readonly TypeRow[] = BUILT_IN_TYPES.flatMap((type) => {
  const { name, array, alignment } = type
  const self: TypeRow = { ...type, preferred: type.preferred === true, element: 0 }
  const ofArray: TypeRow = {
    oid: array,
    name: `_${name}`,
    length: -1,
    byValue: false,
    category: 'A',
    preferred: false,
    alignment: alignment === 'd' ? 'd' : 'i',
    element: type.oid,
    array: 0,
  }
  return [self, ofArray]
})

/** The functions that read and write values are named after their type, by three habits. */
const NAMED_WITH_UNDERSCORE = new Set([
  'date',
  'json',
  'interval',
  'numeric',
  'uuid',
  'bit',
  'time',
])
NAMED_WITH_UNDERSCORE.add('timestamp').add('timetz').add('timestamptz')

function inputFunction(row: TypeRow, what: 'in' | 'out' | 'recv' | 'send'): string {
  if (row.element !== 0) return `array_${what}`
  return NAMED_WITH_UNDERSCORE.has(row.name) ? `${row.name}_${what}` : `${row.name}${what}`
}

export const pgType = relation('pg_catalog', 'pg_type', () => ROWS, {
  oid: oid((row) => row.oid),
  typname: text((row) => row.name),
  typnamespace: always('BIGINT', PG_CATALOG.oid),
  typowner: always('BIGINT', OWNER.oid),
  typlen: smallint((row) => row.length),
  typbyval: boolean((row) => row.byValue),
  typtype: always('VARCHAR', 'b'),
  typcategory: text((row) => row.category),
  typispreferred: boolean((row) => row.preferred),
  typisdefined: always('BOOLEAN', true),
  typdelim: always('VARCHAR', ','),
  typrelid: always('BIGINT', 0),
  typsubscript: always('VARCHAR', '-'),
  typelem: oid((row) => row.element),
  typarray: oid((row) => row.array),
  typinput: text((row) => inputFunction(row, 'in')),
  typoutput: text((row) => inputFunction(row, 'out')),
  typreceive: text((row) => inputFunction(row, 'recv')),
  typsend: text((row) => inputFunction(row, 'send')),
  typmodin: always('VARCHAR', '-'),
  typmodout: always('VARCHAR', '-'),
  typanalyze: always('VARCHAR', '-'),
  typalign: text((row) => row.alignment),
  typstorage: text((row) => (row.length === -1 ? 'x' : 'p')),
  typnotnull: always('BOOLEAN', false),
  typbasetype: always('BIGINT', 0),
  typtypmod: always('INTEGER', -1),
  typndims: always('INTEGER', 0),
  typcollation: oid((row) => collationOf(row.oid)),
  typdefaultbin: always('VARCHAR', null),
  typdefault: always('VARCHAR', null),
  typacl: always('VARCHAR[]', null),
})
