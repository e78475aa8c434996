/** Sequences that have names. What they gave last is not told: the engine tells it of all sessions. */
import { always, boolean, oid, relation, text } from './catalog-relation.ts'
import type { ColumnOf } from './catalog-relation.ts'
import { OWNER } from './postgres-world.ts'
import type { PostgresSequence, PostgresWorld } from './postgres-world.ts'

const BIGINT_OID = 20

/** As text, which holds all of its 64 bits. */
function bigint(of: (row: PostgresSequence) => string): ColumnOf<PostgresSequence> {
  return { type: 'BIGINT', of }
}

const sequences = ({ sequences: all }: PostgresWorld): readonly PostgresSequence[] => all

export const pgSequence = relation('pg_catalog', 'pg_sequence', sequences, {
  seqrelid: oid((row) => row.oid),
  seqtypid: always('BIGINT', BIGINT_OID),
  seqstart: bigint((row) => row.options.start),
  seqincrement: bigint((row) => row.options.increment),
  seqmax: bigint((row) => row.options.maximum),
  seqmin: bigint((row) => row.options.minimum),
  seqcache: always('BIGINT', 1),
  seqcycle: boolean((row) => row.options.cycles),
})

export const pgSequences = relation('pg_catalog', 'pg_sequences', sequences, {
  schemaname: text((row) => row.schema.name),
  sequencename: text((row) => row.name),
  sequenceowner: always('VARCHAR', OWNER.name),
  data_type: always('VARCHAR', 'bigint'),
  start_value: bigint((row) => row.options.start),
  min_value: bigint((row) => row.options.minimum),
  max_value: bigint((row) => row.options.maximum),
  increment_by: bigint((row) => row.options.increment),
  cycle: boolean((row) => row.options.cycles),
  cache_size: always('BIGINT', 1),
  last_value: always('BIGINT', null),
})
