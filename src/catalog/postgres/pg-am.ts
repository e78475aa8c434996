/** Access methods: every table is a heap and every index a btree to those who ask. */
import { always, oid, relation, text } from './catalog-relation.ts'

export const HEAP = { oid: 2, name: 'heap', kind: 't' } as const
export const BTREE = { oid: 403, name: 'btree', kind: 'i' } as const

export const pgAm = relation('pg_catalog', 'pg_am', () => [HEAP, BTREE], {
  oid: oid((method) => method.oid),
  amname: text((method) => method.name),
  amhandler: always('BIGINT', 0),
  amtype: text((method) => method.kind),
})
