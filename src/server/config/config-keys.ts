/**
 * Every setting of the gateway: its name, form, default and what it is for.
 *
 * This table is the source: the config type, the variables, `--set`, and docs/configuration.md
 * follow from it. A setting's variable is `BLUEGATE_` and its name in capitals with underscores:
 * `limits.sessionsMax` is `BLUEGATE_LIMITS_SESSIONS_MAX`.
 */
import { LAYER_NAMES } from '../../engine/layers.ts'
import {
  byteSize,
  duration,
  filePath,
  flag,
  integer,
  listenAddress,
  namedDirectories,
  namedFiles,
  names,
  oneOf,
  optional,
  optionalDuration,
  port,
  someOf,
  type ValueReader,
} from './value-readers.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY
const KIB = 1024
const MIB = 1024 ** 2
const TIB = 1024 ** 4

export interface ConfigKey<T> {
  readonly reader: ValueReader<T>
  /** As one would write it; undefined: nothing is set. */
  readonly default: string | undefined
  readonly about: string
}

function key<T>(
  reader: ValueReader<T>,
  defaultText: string | undefined,
  about: string,
): ConfigKey<T> {
  return { reader, default: defaultText, about }
}

export const CONFIG_KEYS = {
  dataDir: key(
    filePath,
    './bluegate-data',
    'Where everything is kept: tables, metadata, audit, certificates, samples, the control socket.',
  ),
  secretsDir: key(
    optional(filePath),
    undefined,
    'Where the keys are kept, apart from the data so that a backup of the data opens nothing. Default: the data directory with `-secrets` appended.',
  ),
  listen: key(listenAddress, '127.0.0.1', 'The address that all doors listen on.'),
  'pg.port': key(port, '5439', 'Port of the PostgreSQL door.'),
  'https.port': key(port, '8443', 'Port of the HTTPS door: the console and the API.'),
  'grpc.port': key(port, '8444', 'Port of the gRPC door: the BLUE connectors.'),
  'grpc.sessionIdleTime': key(
    duration(SECOND, 30 * DAY),
    '1h',
    'A session of the gRPC door that is asked nothing for so long is ended.',
  ),
  'grpc.sessionLostTime': key(
    duration(SECOND, 30 * DAY),
    '5m',
    'A session of the gRPC door whose client has had no connection for so long is ended.',
  ),

  'tls.names': key(
    names,
    '',
    "Host names and addresses for the server's certificate, besides localhost and this machine's name.",
  ),
  'tls.certFile': key(
    optional(filePath),
    undefined,
    'Own certificate chain (PEM), instead of one from our private CA. Read again when it changes.',
  ),
  'tls.keyFile': key(optional(filePath), undefined, 'The private key (PEM) of `tls.certFile`.'),
  'tls.caFile': key(
    optional(filePath),
    undefined,
    'The CA that clients verify `tls.certFile` with; only shown to people.',
  ),
  'tls.allowPlaintextOnLoopback': key(
    flag,
    'false',
    'Lets clients on this machine log in without TLS. Refused when `listen` is not loopback.',
  ),

  sampleData: key(
    flag,
    'true',
    'Loads `flights`, `airports` and `seattle_weather` into `master.public` at the first start.',
  ),
  'permissions.publicCreate': key(
    flag,
    'false',
    'At the first start, lets every role create tables in the schema `public`.',
  ),

  'engine.memory': key(
    optional(byteSize(256 * MIB, 64 * TIB)),
    undefined,
    'Memory for running statements. Default: half of what this machine (or its container) has.',
  ),
  'engine.threads': key(
    optional(integer(1, 1_024)),
    undefined,
    'Threads for running statements. Default: one per processor.',
  ),
  'engine.workers': key(
    integer(5, 256),
    '8',
    'Statements that run at the same time; others wait in line. Each costs about 12 MiB.',
  ),
  'engine.spoolMax': key(
    byteSize(MIB, 64 * TIB),
    '4GiB',
    'How much of one result may be put aside on disk while its session does something else.',
  ),
  'engine.killAfter': key(
    duration(SECOND, 10 * MINUTE),
    '10s',
    'How long an interrupted statement may take to stop before the engine is restarted.',
  ),

  'engine.fileSizeMax': key(
    byteSize(64 * MIB, 64 * TIB),
    '1TiB',
    'How large one file of the engine may become: a database, its log, what a sort puts on disk.',
  ),
  'engine.layersRequired': key(
    someOf(...LAYER_NAMES),
    '',
    'Layers of protection around the engine that must be there (docs/security.md): without one of them the gateway does not start. Default: what the system offers is used.',
  ),
  'engine.layersOff': key(
    someOf(...LAYER_NAMES),
    '',
    'Layers of protection around the engine that are left out, where one is in the way.',
  ),

  'shutdown.grace': key(
    duration(0, HOUR),
    '10s',
    'How long running statements may go on after Ctrl-C or SIGTERM.',
  ),

  locations: key(
    namedDirectories,
    '',
    'Directories whose files foreign tables may show, by the names that SQL knows. Their files are only read.',
  ),

  'databases.attached': key(
    namedFiles,
    '',
    'DuckDB files that other programs write, each to be read as a database of its name. Nothing is written to them.',
  ),

  'load.sizeMax': key(
    byteSize(MIB, 64 * TIB),
    '10GiB',
    'The largest file that may be sent to be loaded into a table.',
  ),
  'load.openMax': key(
    integer(1, 1_000),
    '8',
    'Files of one caller that are here to be loaded at the same time.',
  ),

  'tokens.show': key(
    oneOf('all', 'exceptSuperuser', 'never'),
    'all',
    'Whose access tokens can be shown again: all, those of roles without SUPERUSER, or none.',
  ),
  'tokens.lifetimeDefault': key(
    optionalDuration(MINUTE, 100 * YEAR),
    'none',
    'How long a new access token lives when nothing is said.',
  ),
  'tokens.lifetimeMax': key(
    optionalDuration(MINUTE, 100 * YEAR),
    'none',
    'The longest life that a new access token may be given.',
  ),

  'console.idleTime': key(
    duration(MINUTE, DAY),
    '15m',
    'How long a user of the console may do nothing before having to sign in again.',
  ),
  'console.sessionTime': key(
    duration(5 * MINUTE, 30 * DAY),
    '8h',
    'How long a user of the console stays signed in at most.',
  ),

  'audit.retention': key(
    duration(DAY, 100 * YEAR),
    '365d',
    'How long audit records are kept; whole days are deleted.',
  ),

  'disk.keepFree': key(
    byteSize(MIB, TIB),
    '128MiB',
    'With less room than this on the disk of the data directory nothing can be changed; reading goes on.',
  ),

  'log.level': key(
    oneOf('debug', 'info', 'warn', 'error'),
    'info',
    'What goes to the log (stderr).',
  ),

  'limits.sessionsMax': key(integer(1, 100_000), '200', 'Open sessions, all doors together.'),
  'limits.loginTime': key(
    duration(SECOND, 10 * MINUTE),
    '30s',
    'From the first byte of a connection to a finished login.',
  ),
  'limits.unauthenticatedMax': key(
    integer(1, 100_000),
    '512',
    'Connections that are not logged in yet.',
  ),
  'limits.unauthenticatedPerAddressMax': key(
    integer(1, 100_000),
    '128',
    'Connections from one address that are not logged in yet.',
  ),
  'limits.messageSizeMax': key(
    byteSize(MIB, 1024 * MIB),
    '64MiB',
    'The longest message (statement, parameters) that a client may send.',
  ),
  'limits.readAheadMax': key(
    byteSize(64 * KIB, 1024 * MIB),
    '1MiB',
    'What is read of a connection while its statement runs.',
  ),
  'limits.unsentMax': key(
    byteSize(64 * KIB, 1024 * MIB),
    '1MiB',
    'What a client may leave unread before its statement waits.',
  ),
  'limits.preparedStatementsMax': key(
    integer(1, 1_000_000),
    '4096',
    'Prepared statements of a session.',
  ),
  'limits.preparedTextMax': key(
    byteSize(MIB, 1024 * MIB),
    '32MiB',
    "Texts of a session's prepared statements, together.",
  ),
  'limits.portalsMax': key(integer(1, 100_000), '256', 'Open portals (cursors) of a session.'),
  'limits.portalValuesMax': key(
    byteSize(MIB, 4096 * MIB),
    '128MiB',
    "Parameter values of a session's open portals, together.",
  ),
} satisfies Record<string, ConfigKey<unknown>>

export type ConfigName = keyof typeof CONFIG_KEYS

type ValueOf<K> = K extends ConfigKey<infer T> ? T : never

/** All settings, checked. Holds no secret: it may be logged. */
export type Config = {
  readonly [Name in ConfigName]: Name extends 'secretsDir'
    ? string
    : ValueOf<(typeof CONFIG_KEYS)[Name]>
}

export const CONFIG_NAMES = Object.keys(CONFIG_KEYS) as ConfigName[]

export function isConfigName(name: string): name is ConfigName {
  return Object.hasOwn(CONFIG_KEYS, name)
}

/** `limits.sessionsMax` → `BLUEGATE_LIMITS_SESSIONS_MAX`. */
export function variableName(name: ConfigName): string {
  const words = name.replaceAll('.', '_').replaceAll(/([a-z])([A-Z])/g, '$1_$2')
  return `BLUEGATE_${words.toUpperCase()}`
}
