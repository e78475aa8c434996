/**
 * The settings of a session that have a meaning here or that drivers are known to set.
 *
 * Order and spelling are PostgreSQL's. A name that is not in this table is accepted with a NOTICE
 * (see `OpenSessionSettings`), because tools set many and give up at the first refusal.
 */
import { clientEncodingSetting, dateStyleSetting, timeZoneSetting } from './format-settings.ts'
import { searchPathSetting } from './search-path.ts'
import type { SettingDefinition, SettingParser } from './setting-definition.ts'
import {
  applicationNameSetting,
  booleanSetting,
  choiceSetting,
  databaseSetting,
  durationSetting,
  integerSetting,
  onlyBoolean,
  poolSetting,
} from './setting-parsers.ts'

/**
 * What `server_version` tells. Frozen: tools choose the SQL that they send by it, and what we
 * answer was checked for this one.
 */
const SERVER_VERSION = '15.4'
const SERVER_VERSION_NUMBER = '150004'

const isolation = choiceSetting(
  'serializable',
  'repeatable read',
  'read committed',
  'read uncommitted',
)
// prettier-ignore
const messageLevel = choiceSetting(
  'debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'debug', 'log', 'info',
  'notice', 'warning', 'error',
)

const WHAT_READ_ONLY = 'Tells how the gateway is built; cannot be changed.'
const WHAT_NO_EFFECT = 'Accepted for tools that set it; changes nothing.'

/** A setting that clients may change. */
function setting(
  name: string,
  initial: string,
  parse: SettingParser,
  description: string,
  reported = false,
): SettingDefinition {
  return { name, default: initial, parse, description, reported }
}

function fixed(name: string, value: string, reported = false): SettingDefinition {
  return { name, default: value, description: WHAT_READ_ONLY, reported }
}

const DEFINITIONS: readonly SettingDefinition[] = [
  setting('application_name', '', applicationNameSetting, 'How the tool calls itself.', true),
  setting('bytea_output', 'hex', choiceSetting('hex', 'escape'), 'How binary values look as text.'),
  setting('client_encoding', 'UTF8', clientEncodingSetting, "The client's encoding.", true),
  setting('client_min_messages', 'notice', messageLevel, WHAT_NO_EFFECT),
  setting('database', '', databaseSetting, 'Where names without a database are looked up.'),
  setting('DateStyle', 'ISO, MDY', dateStyleSetting, 'How dates look as text.', true),
  setting('default_transaction_deferrable', 'off', booleanSetting, WHAT_NO_EFFECT),
  setting(
    'default_transaction_isolation',
    'read committed',
    isolation,
    'The isolation of transactions that name none.',
  ),
  setting(
    'default_transaction_read_only',
    'off',
    booleanSetting,
    'Whether transactions that do not say are read only.',
    true,
  ),
  setting(
    'dialect',
    'postgres',
    choiceSetting('blue', 'postgres', 'duckdb'),
    'Whose SQL it speaks where the same words mean different things.',
  ),
  setting(
    'extra_float_digits',
    '1',
    integerSetting(-15, 3),
    'Digits of floating-point text: 1 or more is shortest and exact.',
  ),
  setting(
    'idle_in_transaction_session_timeout',
    '0',
    durationSetting,
    'Ends a session that leaves a transaction open for so long.',
  ),
  setting('idle_session_timeout', '0', durationSetting, WHAT_NO_EFFECT),
  fixed('in_hot_standby', 'off', true),
  fixed('integer_datetimes', 'on', true),
  setting(
    'IntervalStyle',
    'postgres',
    choiceSetting('postgres', 'iso_8601'),
    'How intervals look as text.',
    true,
  ),
  fixed('is_superuser', 'off', true),
  setting('jit', 'off', booleanSetting, WHAT_NO_EFFECT),
  fixed('lc_collate', 'C.UTF-8'),
  fixed('lc_ctype', 'C.UTF-8'),
  setting('lock_timeout', '0', durationSetting, WHAT_NO_EFFECT),
  fixed('max_identifier_length', '63'),
  fixed('max_index_keys', '32'),
  setting('pool', '', poolSetting, 'The resource pool of its statements; empty: the default one.'),
  setting('role', 'none', choiceSetting('none'), 'Always none: a client acts under its own role.'),
  setting('row_security', 'on', booleanSetting, WHAT_NO_EFFECT),
  setting(
    'search_path',
    'public',
    searchPathSetting,
    'Schemas in which names without a schema are looked up.',
    true,
  ),
  fixed('server_encoding', 'UTF8', true),
  fixed('server_version', SERVER_VERSION, true),
  fixed('server_version_num', SERVER_VERSION_NUMBER),
  fixed('session_authorization', '', true),
  setting(
    'standard_conforming_strings',
    'on',
    onlyBoolean('on', "A backslash is a plain character in '…'; use E'…' for escapes."),
    'Always on: a backslash in a plain string is a backslash.',
    true,
  ),
  setting('statement_timeout', '0', durationSetting, 'Stops a statement that runs for so long.'),
  setting('synchronize_seqscans', 'on', booleanSetting, WHAT_NO_EFFECT),
  setting('TimeZone', 'UTC', timeZoneSetting, 'The zone of timestamps with a zone.', true),
  fixed('transaction_deferrable', 'off'),
  fixed('transaction_isolation', 'read committed'),
  fixed('transaction_read_only', 'off'),
]

/** By name in lower case. */
export const SETTINGS: ReadonlyMap<string, SettingDefinition> = new Map(
  DEFINITIONS.map((definition) => [definition.name.toLowerCase(), definition]),
)
