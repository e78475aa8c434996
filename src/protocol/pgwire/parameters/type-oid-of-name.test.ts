import { expect, test } from 'vitest'
import { typeOidOfName } from './type-oid-of-name.ts'

test.each([
  ['int', 23],
  ['integer', 23],
  ['int4[]', 1007],
  ['int[]', 1007],
  ['bigint', 20],
  ['decimal', 1700],
  ['numeric[]', 1231],
  ['double', 701],
  ['double precision', 701],
  ['float', 701],
  ['real', 700],
  ['text', 25],
  ['varchar', 1043],
  ['character varying', 1043],
  ['character varying[]', 1015],
  ['char', 1042],
  ['timestamp', 1114],
  ['timestamp without time zone', 1114],
  ['timestamp with time zone', 1184],
  ['timestamptz[]', 1185],
  ['time', 1083],
  ['boolean', 16],
  ['uuid', 2950],
  ['unknown', 0],
])('%s', (name, oid) => expect(typeOidOfName(name)).toBe(oid))

test.each(['nothing', 'unknown[]', 'hugeint', 'constructor', '__proto__', ''])(
  'a name that PostgreSQL does not know is refused: %s',
  (name) => expect(() => typeOidOfName(name)).toThrow(`type "${name}" does not exist`),
)
