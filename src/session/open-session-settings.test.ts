import { expect, test } from 'vitest'
import { GatewayError } from '../base/gateway-error.ts'
import { openSessionSettings } from './open-session-settings.ts'

const open = (startup: Record<string, string> = {}, defaults: Record<string, string> = {}) =>
  openSessionSettings({ user: 'tableau', startup: Object.entries(startup), defaults })

const fresh = () => open().settings

function kindOf(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof GatewayError ? error.kind : String(error)
  }
}

test('a new session has PostgreSQL’s defaults', () => {
  const settings = fresh()
  expect(settings.text).toEqual({
    timeZone: 'UTC',
    dateStyle: 'ISO, MDY',
    intervalStyle: 'postgres',
    byteaOutput: 'hex',
    extraFloatDigits: 1,
  })
  expect(settings.searchPath).toEqual(['public'])
  expect(settings.statementTimeoutMs).toBe(0)
  expect(settings.defaultIsolation).toBe('read committed')
  expect(settings.dialect).toBe('postgres')
})

test('what a client is told at start-up is complete, under the protocol’s spelling', () => {
  expect(Object.fromEntries(fresh().reported())).toEqual({
    application_name: '',
    client_encoding: 'UTF8',
    DateStyle: 'ISO, MDY',
    default_transaction_read_only: 'off',
    in_hot_standby: 'off',
    integer_datetimes: 'on',
    IntervalStyle: 'postgres',
    is_superuser: 'off',
    search_path: 'public',
    server_encoding: 'UTF8',
    server_version: '15.4',
    session_authorization: 'tableau',
    standard_conforming_strings: 'on',
    TimeZone: 'UTC',
  })
})

test('reported() is the same map until something changes', () => {
  const settings = fresh()
  const before = settings.reported()
  expect(settings.reported()).toBe(before)
  settings.set('timezone', ['Europe/Berlin'], 'session')
  expect(settings.reported()).not.toBe(before)
  expect(settings.reported().get('TimeZone')).toBe('Europe/Berlin')
})

test.each([
  ['datestyle', ['ISO', 'DMY'], 'DateStyle', 'ISO, DMY'],
  ['datestyle', ['iso, mdy'], 'DateStyle', 'ISO, MDY'],
  ['DATESTYLE', ['European'], 'DateStyle', 'ISO, DMY'],
  ['intervalstyle', ['ISO_8601'], 'IntervalStyle', 'iso_8601'],
  ['timezone', ['europe/BERLIN'], 'TimeZone', 'Europe/Berlin'],
  ['timezone', ['Etc/GMT-3'], 'TimeZone', 'Etc/GMT-3'],
  ['timezone', ['utc'], 'TimeZone', 'UTC'],
  ['timezone', ['GMT'], 'TimeZone', 'GMT'],
  ['client_encoding', ["'utf-8'"], 'client_encoding', 'UTF8'],
  ['client_encoding', ['unicode'], 'client_encoding', 'UTF8'],
  ['client_encoding', ['SQL_ASCII'], 'client_encoding', 'SQL_ASCII'],
  ['extra_float_digits', ['3'], 'extra_float_digits', '3'],
  ['bytea_output', ['ESCAPE'], 'bytea_output', 'escape'],
  ['search_path', ['public', 'My Schema'], 'search_path', 'public, "My Schema"'],
  ['statement_timeout', ['5000'], 'statement_timeout', '5s'],
  ['statement_timeout', ['1500ms'], 'statement_timeout', '1500ms'],
  ['statement_timeout', ['2 min'], 'statement_timeout', '2min'],
  ['lock_timeout', ['1.5s'], 'lock_timeout', '1500ms'],
  ['standard_conforming_strings', ['true'], 'standard_conforming_strings', 'on'],
  ['jit', ['f'], 'jit', 'off'],
  ['server_version', ['15.4'], 'server_version', '15.4'],
  ['role', ['NONE'], 'role', 'none'],
  ['dialect', ['blue'], 'dialect', 'blue'],
])('SET %s TO %j shows %s as %s', (name, values, columnName, value) => {
  const settings = fresh()
  expect(settings.set(name, values, 'session')).toEqual({})
  expect(settings.show(name)).toEqual({ columnName, value })
})

test.each([
  ['datestyle', ['German']],
  ['datestyle', ['SQL', 'DMY']],
  ['intervalstyle', ['sql_standard']],
  ['timezone', ['Mars/Base']],
  ['timezone', ['UTC+3']],
  ['timezone', ['+02:00']],
  ['timezone', ['-8']],
  ['timezone', ['']],
  ['client_encoding', ['LATIN1']],
  ['extra_float_digits', ['4']],
  ['extra_float_digits', ['many']],
  ['extra_float_digits', ['1', '2']],
  ['statement_timeout', ['-1']],
  ['statement_timeout', ['1 year']],
  ['statement_timeout', ['30d']],
  ['standard_conforming_strings', ['off']],
  ['default_transaction_isolation', ['chaos']],
  ['jit', ['o']],
  ['server_version', ['16']],
  ['transaction_isolation', ['serializable']],
  ['role', ['admin']],
  ['application_name', ['x'.repeat(10_000)]],
])('SET %s TO %j is refused and changes nothing', (name, values) => {
  const settings = fresh()
  const before = settings.show(name).value
  expect(kindOf(() => settings.set(name, values, 'session'))).toBe('invalid_parameter_value')
  expect(settings.show(name).value).toBe(before)
})

test('a refusal never repeats a long value', () => {
  const long = 'x'.repeat(5000)
  expect(() => fresh().set('timezone', [long], 'session')).toThrow(/^.{0,200}$/)
})

test('the typed values follow what was set', () => {
  const settings = fresh()
  settings.set('search_path', ['a', '$user', ''], 'session')
  settings.set('statement_timeout', ['90s'], 'session')
  settings.set('idle_in_transaction_session_timeout', ['1h'], 'session')
  settings.set('default_transaction_isolation', ['read uncommitted'], 'session')
  settings.set('default_transaction_read_only', ['on'], 'session')
  expect(settings.searchPath).toEqual(['a', 'tableau'])
  expect(settings.statementTimeoutMs).toBe(90_000)
  expect(settings.idleInTransactionTimeoutMs).toBe(3_600_000)
  expect(settings.defaultIsolation).toBe('read committed')
  expect(settings.defaultReadOnly).toBe(true)
  settings.set('search_path', [''], 'session')
  expect(settings.searchPath).toEqual(['pg_catalog'])
})

test('the application name is printable ASCII of at most 63 characters', () => {
  const settings = fresh()
  settings.set('application_name', [`Wärme\n${'x'.repeat(80)}`], 'session')
  expect(settings.applicationName).toBe(`W?rme?${'x'.repeat(57)}`)
})

test('a name that nobody knows is accepted with a notice, and shown; without one it is unknown', () => {
  const settings = fresh()
  expect(kindOf(() => settings.show('my.thing'))).toBe('undefined_object')
  expect(settings.set('my.thing', ['1'], 'session').notice).toContain('"my.thing"')
  expect(settings.show('MY.thing')).toEqual({ columnName: 'my.thing', value: '1' })
  settings.reset('my.thing')
  expect(kindOf(() => settings.show('my.thing'))).toBe('undefined_object')
})

test('a session keeps a bounded number of unknown settings', () => {
  const settings = fresh()
  for (let i = 0; i < 64; i += 1) settings.set(`x.n${i}`, ['1'], 'session')
  expect(kindOf(() => settings.set('x.one_more', ['1'], 'session'))).toBe('invalid_parameter_value')
  expect(kindOf(() => settings.set('x.n5', ['2'], 'session'))).toBeUndefined()
})

test.each(['threads', 'memory_limit', 'enable_external_access', 'S3_region', 'lock_configuration'])(
  'the engine’s setting %s may not be set, by SET, SET LOCAL or at start-up',
  (name) => {
    const settings = fresh()
    settings.beginTransaction()
    expect(kindOf(() => settings.set(name, ['1'], 'session'))).toBe('insufficient_privilege')
    expect(kindOf(() => settings.set(name, ['1'], 'local'))).toBe('insufficient_privilege')
    expect(kindOf(() => open({ [name]: '1' }))).toBe('insufficient_privilege')
  },
)

test('a client cannot act as somebody else; naming itself is no mistake', () => {
  const settings = fresh()
  expect(kindOf(() => settings.set('session_authorization', ['root'], 'session'))).toBe(
    'insufficient_privilege',
  )
  settings.set('session_authorization', ['tableau'], 'session')
  settings.reset('session_authorization')
  expect(settings.show('session_authorization').value).toBe('tableau')
})

test('RESET and SET … TO DEFAULT go back to what the session started with', () => {
  const { settings } = open({ TimeZone: 'Asia/Tokyo' }, { statement_timeout: '1min' })
  settings.set('timezone', ['UTC'], 'session')
  settings.set('statement_timeout', ['0'], 'session')
  settings.set('datestyle', ['DMY'], 'session')
  settings.reset('timezone')
  settings.set('statement_timeout', undefined, 'session')
  expect(settings.show('timezone').value).toBe('Asia/Tokyo')
  expect(settings.show('statement_timeout').value).toBe('1min')
  settings.resetAll()
  expect(settings.show('datestyle').value).toBe('ISO, MDY')
})

test('a start-up list is one text; case folds outside quotes', () => {
  const { settings } = open({ search_path: 'Sales, "My ""X""" , public' })
  expect(settings.searchPath).toEqual(['sales', 'My "X"', 'public'])
  expect(settings.show('search_path').value).toBe('sales, "My ""X""", public')
  expect(kindOf(() => open({ search_path: 'a, "b' }))).toBe('invalid_parameter_value')
})

test('unknown start-up parameters are told in a notice each', () => {
  const { notices } = open({ geqo: 'off', application_name: 'x' })
  expect(notices).toEqual([expect.stringContaining('"geqo"')])
})

test('SET LOCAL ends with the transaction, whatever its outcome', () => {
  for (const outcome of ['committed', 'rolled_back'] as const) {
    const settings = fresh()
    settings.beginTransaction()
    settings.set('timezone', ['Asia/Tokyo'], 'local')
    expect(settings.text.timeZone).toBe('Asia/Tokyo')
    settings.endTransaction(outcome)
    expect(settings.text.timeZone).toBe('UTC')
  }
})

test('a SET is kept by a commit and undone by a rollback', () => {
  const settings = fresh()
  settings.beginTransaction()
  settings.set('timezone', ['Asia/Tokyo'], 'session')
  settings.endTransaction('committed')
  settings.beginTransaction()
  settings.set('timezone', ['Europe/Paris'], 'session')
  settings.resetAll()
  settings.endTransaction('rolled_back')
  expect(settings.text.timeZone).toBe('Asia/Tokyo')
})

test('SET after SET LOCAL replaces it; SET LOCAL after SET leaves what SET gave', () => {
  const settings = fresh()
  settings.beginTransaction()
  settings.set('timezone', ['Asia/Tokyo'], 'local')
  settings.set('timezone', ['Europe/Paris'], 'session')
  expect(settings.text.timeZone).toBe('Europe/Paris')
  settings.set('timezone', ['Asia/Tokyo'], 'local')
  settings.endTransaction('committed')
  expect(settings.text.timeZone).toBe('Europe/Paris')
})

test('SHOW transaction_isolation tells the transaction’s own mode, then the default again', () => {
  const settings = fresh()
  settings.beginTransaction({ isolation: 'serializable', readOnly: true })
  expect(settings.show('transaction_isolation').value).toBe('serializable')
  expect(settings.show('transaction_read_only').value).toBe('on')
  settings.endTransaction('committed')
  expect(settings.show('transaction_isolation').value).toBe('read committed')
  expect(settings.show('transaction_read_only').value).toBe('off')
})

test('SHOW ALL lists every known setting with a description', () => {
  const all = fresh().showAll()
  expect(all.length).toBeGreaterThan(30)
  expect(all.every(({ description }) => description.length > 0)).toBe(true)
})

test('a default schema is the search path of a client that sets none, and what RESET goes back to', () => {
  const settings = fresh()
  settings.startIn('master', 'My Sales')
  expect(settings.searchPath).toEqual(['My Sales'])
  settings.set('search_path', ['public'], 'session')
  settings.startIn('master', 'other')
  expect(settings.searchPath).toEqual(['public'])
  settings.resetAll()
  expect(settings.show('search_path').value).toBe('"My Sales"')
})

test('a search path that the client started with wins over a default schema', () => {
  const { settings } = open({ search_path: 'finance' })
  settings.startIn('master', 'sales')
  expect(settings.searchPath).toEqual(['finance'])
})
