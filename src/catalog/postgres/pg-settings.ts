/**
 * Settings that are the same in every session. Those that a session can change are told by SHOW
 * alone: the catalogue does not know the session's.
 */
import { always, relation, text } from './catalog-relation.ts'

interface SettingRow {
  readonly name: string
  readonly value: string
  readonly type: 'integer' | 'string' | 'bool'
}

const FIXED: readonly SettingRow[] = [
  { name: 'integer_datetimes', value: 'on', type: 'bool' },
  { name: 'max_identifier_length', value: '63', type: 'integer' },
  { name: 'max_index_keys', value: '32', type: 'integer' },
  { name: 'server_encoding', value: 'UTF8', type: 'string' },
]

export const pgSettings = relation<SettingRow>('pg_catalog', 'pg_settings', () => FIXED, {
  name: text((row) => row.name),
  setting: text((row) => row.value),
  unit: always('VARCHAR', null),
  category: always('VARCHAR', 'Preset Options'),
  short_desc: always('VARCHAR', null),
  extra_desc: always('VARCHAR', null),
  context: always('VARCHAR', 'internal'),
  vartype: text((row) => row.type),
  source: always('VARCHAR', 'default'),
  min_val: always('VARCHAR', null),
  max_val: always('VARCHAR', null),
  enumvals: always('VARCHAR[]', null),
  boot_val: text((row) => row.value),
  reset_val: text((row) => row.value),
  sourcefile: always('VARCHAR', null),
  sourceline: always('INTEGER', null),
  pending_restart: always('BOOLEAN', false),
})
