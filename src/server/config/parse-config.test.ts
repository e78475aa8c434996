import path from 'node:path'
import { expect, test } from 'vitest'
import { parseConfigFile } from './config-file.ts'
import { describeMistakes } from './config-source.ts'
import type { GivenSetting } from './config-source.ts'
import { readEnvironment } from './environment.ts'
import { parseConfig } from './parse-config.ts'

function given(settings: Record<string, unknown>, origin = 'test'): GivenSetting[] {
  return Object.entries(settings).map(([name, raw]) => ({ name, raw, origin }))
}

function configOf(settings: Record<string, unknown>) {
  const parsed = parseConfig(given(settings))
  if (!parsed.ok) throw new Error(describeMistakes(parsed.mistakes))
  return parsed.config
}

function mistakesOf(settings: Record<string, unknown>): Record<string, string> {
  const parsed = parseConfig(given(settings))
  return parsed.ok ? {} : Object.fromEntries(parsed.mistakes.map((m) => [m.setting, m.fix]))
}

test('with nothing given, the defaults make a complete configuration', () => {
  const config = configOf({})
  expect(config['pg.port']).toBe(5439)
  expect(config.listen).toBe('127.0.0.1')
  expect(config['shutdown.grace']).toBe(10_000)
  expect(config['tls.names']).toEqual([])
  expect(config['tokens.lifetimeDefault']).toBeUndefined()
})

test('the secrets directory lies beside the data directory, not in it', () => {
  const { dataDir, secretsDir } = configOf({ dataDir: '/srv/blue' })
  expect(secretsDir).toBe('/srv/blue-secrets')
  expect(path.relative(dataDir, secretsDir)).toMatch(/^\.\./)
})

test('all mistakes are listed at once, each with name, value, origin and fix', () => {
  const parsed = parseConfig(
    given(
      { 'pg.port': '70000', 'tokens.show': 'sometimes', 'shutdown.grace': '10' },
      'bluegate.json',
    ),
  )
  expect(parsed.ok).toBe(false)
  const text = parsed.ok ? '' : describeMistakes(parsed.mistakes)
  expect(text).toContain('3 settings are wrong')
  expect(text).toContain('pg.port = "70000"  (bluegate.json)\n      give a port from 0 to 65535')
  expect(text).toContain('give one of all, exceptSuperuser, never')
  expect(text).toContain('such as 500ms, 10s')
})

test('a setting that does not exist is refused, and a near one is offered', () => {
  expect(mistakesOf({ 'pg.prot': '5439' })['pg.prot']).toContain('did you mean pg.port?')
  expect(mistakesOf({ volcano: '1' })['volcano']).toContain('there is no such setting')
})

test('of two values for one setting the later source counts, even when the earlier one is wrong', () => {
  const parsed = parseConfig([...given({ 'pg.port': 'x' }), ...given({ 'pg.port': '6000' })])
  expect(parsed.ok && parsed.config['pg.port']).toBe(6000)
})

test.each([
  [{ secretsDir: '/srv/blue/keys', dataDir: '/srv/blue' }, 'secretsDir'],
  [{ secretsDir: '/srv/blue', dataDir: '/srv/blue' }, 'secretsDir'],
  [{ 'tls.certFile': '/c.pem' }, 'tls.keyFile'],
  [{ 'tls.keyFile': '/k.pem' }, 'tls.certFile'],
  [{ 'tls.allowPlaintextOnLoopback': true, listen: '0.0.0.0' }, 'tls.allowPlaintextOnLoopback'],
  [{ 'tokens.lifetimeMax': '30d' }, 'tokens.lifetimeDefault'],
  [{ 'tokens.lifetimeMax': '30d', 'tokens.lifetimeDefault': '31d' }, 'tokens.lifetimeDefault'],
  [{ 'pg.port': 8443 }, 'https.port'],
])('settings that contradict each other are refused: %o', (settings, wrong) => {
  expect(Object.keys(mistakesOf(settings))).toEqual([wrong])
})

test.each([
  [{ secretsDir: '/srv/blue2', dataDir: '/srv/blue' }],
  [{ 'tls.certFile': '/c.pem', 'tls.keyFile': '/k.pem' }],
  [{ 'tls.allowPlaintextOnLoopback': true, listen: '127.0.0.2' }],
  [{ 'tokens.lifetimeMax': '30d', 'tokens.lifetimeDefault': '30d' }],
  [{ 'pg.port': 0, 'https.port': 0, 'grpc.port': 0 }],
])('settings that go together are accepted: %o', (settings) => {
  expect(mistakesOf(settings)).toEqual({})
})

test('a variable is named after its setting; an unknown BLUEGATE_ variable is a mistake', () => {
  const { settings, configFile } = readEnvironment({
    BLUEGATE_LIMITS_SESSIONS_MAX: '7',
    BLUEGATE_TLS_NAMES: 'db.example.org, 10.0.0.7',
    BLUEGATE_LISTN: '::1',
    BLUEGATE_CONFIG: '/etc/bluegate.json',
    HOME: '/root',
  })
  expect(configFile).toBe('/etc/bluegate.json')
  const parsed = parseConfig(settings)
  expect(!parsed.ok && parsed.mistakes).toMatchObject([
    { setting: 'BLUEGATE_LISTN', fix: expect.stringContaining('BLUEGATE_LISTEN') },
  ])
  const right = parseConfig(settings.filter(({ name }) => name !== 'BLUEGATE_LISTN'))
  expect(right.ok && right.config['limits.sessionsMax']).toBe(7)
  expect(right.ok && right.config['tls.names']).toEqual(['db.example.org', '10.0.0.7'])
})

test('the file may nest settings or write dotted names', () => {
  const { settings } = parseConfigFile(
    'f.json',
    '{"pg":{"port":1},"limits.sessionsMax":2,"tls":{"names":["a.example"]},"sampleData":false}',
  )
  const parsed = parseConfig(settings)
  expect(parsed.ok && parsed.config).toMatchObject({
    'pg.port': 1,
    'limits.sessionsMax': 2,
    'tls.names': ['a.example'],
    sampleData: false,
  })
})

test.each(['{"pg":', '[]', 'null'])('a file that is no JSON object is one mistake: %s', (text) => {
  const { mistakes } = parseConfigFile('f.json', text)
  expect(mistakes).toHaveLength(1)
  expect(mistakes[0]?.fix).toMatch(/write/)
})

test.each([
  ['engine.memory', '512MiB', 512 * 1024 ** 2],
  ['engine.memory', '2 GiB', 2 * 1024 ** 3],
  ['audit.retention', '30d', 30 * 86_400_000],
  ['listen', 'localhost', '127.0.0.1'],
  ['listen', '::', '::'],
] as const)('%s = %s is read as %s', (name, raw, value) => {
  expect(configOf({ [name]: raw })[name]).toBe(value)
})

test.each([
  ['engine.memory', '512'],
  ['engine.memory', '1MiB'],
  ['listen', 'db.example.org'],
  ['tls.names', 'a b'],
  ['limits.sessionsMax', '1e3'],
  ['limits.sessionsMax', -1],
  ['sampleData', 'yes'],
  ['dataDir', ''],
] as const)('%s = %s is refused', (name, raw) => {
  expect(Object.keys(mistakesOf({ [name]: raw }))).toEqual([name])
})
