/**
 * The settings of one session: values, and how SET, SHOW, RESET and transactions move them.
 *
 * Three layers, read from the top: what SET LOCAL gave for this transaction, what SET gave for the
 * session, what the session started with. Where a transaction is open, the middle layer of its
 * beginning is kept, so that a rollback brings it back.
 *
 * Source: PostgreSQL manual, SET, SHOW, RESET.
 */
import { GatewayError } from '../base/gateway-error.ts'
import { DEFAULT_TEXT_SETTINGS } from '../columnar/result-format.ts'
import type { TextSettings } from '../columnar/result-format.ts'
import { isEngineSetting } from './engine-setting-names.ts'
import { schemasOf, searchPathOf } from './search-path.ts'
import type { SessionSettings, SettingOutcome, TransactionModesNow } from './session-settings.ts'
import { single } from './setting-definition.ts'
import type { SettingDefinition } from './setting-definition.ts'
import { durationMs } from './setting-parsers.ts'
import { SETTINGS } from './setting-table.ts'

/** How many settings that mean nothing here a session may keep. */
const UNKNOWN_SETTINGS_MAX = 64
const NAME_LENGTH_MAX = 128
const VALUE_LENGTH_MAX = 8192

export interface SettingsRequest {
  /** Shown as `session_authorization`; `"$user"` in a search path. */
  readonly user: string
  /** As the client sent them at start-up, in order; a later one replaces an earlier one. */
  readonly startup?: Iterable<readonly [name: string, value: string]>
  /** Values of this installation, such as a statement timeout; a client may change them. */
  readonly defaults?: Readonly<Record<string, string>>
}

export interface OpenedSettings {
  readonly settings: SessionSettings
  /** Start-up parameters that were accepted without effect, for a NOTICE each. */
  readonly notices: readonly string[]
}

/** @throws GatewayError as `SessionSettings.set`, for a start-up parameter. */
export function openSessionSettings(request: SettingsRequest): OpenedSettings {
  const settings = new OpenSessionSettings(request.user)
  for (const [name, value] of Object.entries(request.defaults ?? {})) settings.start(name, value)
  const notices: string[] = []
  for (const [name, value] of request.startup ?? []) {
    const { notice } = settings.start(name, value)
    if (notice !== undefined) notices.push(notice)
  }
  return { settings, notices }
}

type Values = Map<string, string>

class OpenSessionSettings implements SessionSettings {
  readonly #user: string
  /** Where a client named nothing, the table's default stands. Keys are in lower case. */
  readonly #started: Values = new Map()
  #session: Values = new Map()
  #transaction: { readonly before: Values; readonly local: Values } | undefined
  #modes: TransactionModesNow | undefined
  /** Made on demand and dropped at each change. */
  #text: TextSettings | undefined
  #searchPath: readonly string[] | undefined
  #reported: ReadonlyMap<string, string> | undefined

  constructor(user: string) {
    this.#user = user
  }

  get text(): TextSettings {
    this.#text ??= {
      ...DEFAULT_TEXT_SETTINGS,
      timeZone: this.#value('timezone'),
      dateStyle: this.#value('datestyle') as TextSettings['dateStyle'],
      intervalStyle: this.#value('intervalstyle') as TextSettings['intervalStyle'],
      byteaOutput: this.#value('bytea_output') as TextSettings['byteaOutput'],
      extraFloatDigits: Number(this.#value('extra_float_digits')),
    }
    return this.#text
  }

  get searchPath(): readonly string[] {
    this.#searchPath ??= schemasOf(this.#value('search_path'), this.#user)
    return this.#searchPath
  }

  get statementTimeoutMs(): number {
    return durationMs(this.#value('statement_timeout'))
  }

  get idleInTransactionTimeoutMs(): number {
    return durationMs(this.#value('idle_in_transaction_session_timeout'))
  }

  get applicationName(): string {
    return this.#value('application_name')
  }

  /** The engine's weakest level is READ COMMITTED; PostgreSQL treats READ UNCOMMITTED so too. */
  get defaultIsolation(): SessionSettings['defaultIsolation'] {
    const level = this.#value('default_transaction_isolation')
    return level === 'read uncommitted'
      ? 'read committed'
      : (level as SessionSettings['defaultIsolation'])
  }

  get defaultReadOnly(): boolean {
    return this.#value('default_transaction_read_only') === 'on'
  }

  get database(): string {
    return this.#value('database')
  }

  get pool(): string {
    return this.#value('pool')
  }

  get dialect(): SessionSettings['dialect'] {
    return this.#value('dialect') as SessionSettings['dialect']
  }

  set(
    name: string,
    values: readonly string[] | undefined,
    scope: 'session' | 'local',
  ): SettingOutcome {
    const key = name.toLowerCase()
    if (values === undefined) {
      this.#put(key, scope, this.#startedWith(key, name))
      return {}
    }
    const { value, notice } = this.#read(name, values, false)
    this.#put(key, scope, value)
    return notice === undefined ? {} : { notice }
  }

  /** Before the session begins: the values that RESET goes back to. */
  start(name: string, text: string): SettingOutcome {
    const { value, notice } = this.#read(name, [text], true)
    this.#started.set(name.toLowerCase(), value)
    this.#changed()
    return notice === undefined ? {} : { notice }
  }

  startIn(database: string, schema?: string): void {
    this.#started.set('database', database)
    if (schema !== undefined && !this.#started.has('search_path')) {
      this.#started.set('search_path', searchPathOf(schema))
    }
    this.#changed()
  }

  use(database: string, schema: string): void {
    this.#put('database', 'session', database)
    this.#put('search_path', 'session', searchPathOf(schema))
  }

  show(name: string): { readonly columnName: string; readonly value: string } {
    const key = name.toLowerCase()
    const definition = SETTINGS.get(key)
    if (!definition && !this.#isKept(key)) throw unrecognized(name)
    return { columnName: definition?.name ?? key, value: this.#value(key) }
  }

  showAll(): ReturnType<SessionSettings['showAll']> {
    return [...SETTINGS].map(([key, { name, description, default: initial }]) => ({
      name,
      value: this.#value(key),
      default: initial,
      description,
    }))
  }

  reset(name: string): void {
    const key = name.toLowerCase()
    this.#put(key, 'session', this.#startedWith(key, name))
  }

  resetAll(): void {
    this.#session = new Map()
    this.#transaction?.local.clear()
    this.#changed()
  }

  beginTransaction(modes?: TransactionModesNow): void {
    this.#transaction ??= { before: new Map(this.#session), local: new Map() }
    this.#modes = { ...this.#modes, ...modes }
  }

  endTransaction(outcome: 'committed' | 'rolled_back'): void {
    const transaction = this.#transaction
    this.#transaction = undefined
    this.#modes = undefined
    if (!transaction) return
    if (outcome === 'rolled_back') this.#session = transaction.before
    this.#changed()
  }

  reported(): ReadonlyMap<string, string> {
    this.#reported ??= new Map(
      [...SETTINGS]
        .filter(([, { reported }]) => reported)
        .map(([key, { name }]) => [name, this.#value(key)]),
    )
    return this.#reported
  }

  /** The canonical value that a SET or a start-up parameter asks for. */
  #read(
    name: string,
    values: readonly string[],
    startup: boolean,
  ): { readonly value: string; readonly notice?: string } {
    const key = name.toLowerCase()
    const definition = SETTINGS.get(key)
    if (!definition) return this.#readUnknown(key, values)
    if (values.some((value) => value.length > VALUE_LENGTH_MAX)) throw tooLong(name)
    if (!definition.parse) return { value: this.#readFixed(definition, values) }
    return {
      value: definition.parse(values, {
        name: definition.name,
        current: this.#value(key),
        startup,
      }),
    }
  }

  /** Setting a fixed value to itself is no change, and drivers do it. */
  #readFixed({ name }: SettingDefinition, values: readonly string[]): string {
    const value = this.#value(name.toLowerCase())
    if (single(values, name).toLowerCase() === value.toLowerCase()) return value
    if (name === 'session_authorization') {
      throw new GatewayError('insufficient_privilege', 'a client cannot act as somebody else')
    }
    throw new GatewayError('invalid_parameter_value', `parameter "${name}" cannot be changed`, {
      ...(name.startsWith('transaction_') && {
        hint: 'Use SET TRANSACTION inside a transaction, or default_transaction_….',
      }),
    })
  }

  #readUnknown(key: string, values: readonly string[]): { value: string; notice: string } {
    if (isEngineSetting(key)) {
      throw new GatewayError('insufficient_privilege', `permission denied to set "${shown(key)}"`, {
        hint: 'The engine is configured by the administrator of the gateway alone.',
      })
    }
    const value = values.join(', ')
    if (key.length > NAME_LENGTH_MAX || value.length > VALUE_LENGTH_MAX) throw tooLong(shown(key))
    if (!this.#isKept(key) && this.#unknownKept() >= UNKNOWN_SETTINGS_MAX) {
      throw new GatewayError(
        'invalid_parameter_value',
        `a session keeps at most ${UNKNOWN_SETTINGS_MAX} settings that the gateway does not know`,
      )
    }
    return {
      value,
      notice: `parameter "${key}" is not known to this gateway: accepted, without effect`,
    }
  }

  #isKept(key: string): boolean {
    return (
      this.#session.has(key) || this.#started.has(key) || this.#transaction?.local.has(key) === true
    )
  }

  #unknownKept(): number {
    const layers = [this.#started, this.#session, this.#transaction?.local ?? new Map()]
    const names = new Set(layers.flatMap((layer) => [...layer.keys()]))
    return [...names].filter((name) => !SETTINGS.has(name)).length
  }

  /** @throws GatewayError for a name that nobody knows, and for one that only the engine has. */
  #startedWith(key: string, name: string): string | undefined {
    const definition = SETTINGS.get(key)
    if (!definition && !this.#isKept(key)) throw unrecognized(name)
    return this.#started.get(key) ?? definition?.default
  }

  /** `value` undefined: forgets a setting that the gateway does not know. */
  #put(key: string, scope: 'session' | 'local', value: string | undefined): void {
    const definition = SETTINGS.get(key)
    if (definition && !definition.parse) return // has its one value already
    if (scope === 'local') {
      if (this.#transaction && value !== undefined) this.#transaction.local.set(key, value)
    } else {
      this.#transaction?.local.delete(key)
      if (value === undefined) this.#session.delete(key)
      else this.#session.set(key, value)
    }
    this.#changed()
  }

  #value(key: string): string {
    const set = this.#transaction?.local.get(key) ?? this.#session.get(key)
    if (set !== undefined) return set
    switch (key) {
      case 'session_authorization':
        return this.#user
      case 'transaction_isolation':
        return this.#modes?.isolation ?? this.#value('default_transaction_isolation')
      case 'transaction_read_only': {
        const readOnly = this.#modes?.readOnly ?? this.defaultReadOnly
        return readOnly ? 'on' : 'off'
      }
      default:
        return this.#started.get(key) ?? SETTINGS.get(key)?.default ?? ''
    }
  }

  #changed(): void {
    this.#text = undefined
    this.#searchPath = undefined
    this.#reported = undefined
  }
}

function unrecognized(name: string): GatewayError {
  return new GatewayError(
    'undefined_object',
    `unrecognized configuration parameter "${shown(name)}"`,
  )
}

function tooLong(name: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `the value of "${name}" is too long`, {
    hint: `Use at most ${VALUE_LENGTH_MAX} characters, and ${NAME_LENGTH_MAX} for a name.`,
  })
}

function shown(name: string): string {
  return name.slice(0, NAME_LENGTH_MAX)
}
