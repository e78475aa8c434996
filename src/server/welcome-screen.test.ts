import { expect, test } from 'vitest'
import { welcomeScreen } from './welcome-screen.ts'

const gateway = {
  doors: { pg: { host: 'localhost', port: 5439 }, https: { host: 'localhost', port: 8443 } },
  setupUrl: undefined,
  caFile: '/srv/my data/tls/ca.crt',
  fingerprint: 'AA:BB',
  engineLayers: [
    { name: 'limits', active: true, about: 'no core files' },
    { name: 'calls', active: true, about: 'no sockets' },
    { name: 'files', active: false, about: 'the system does not have it' },
  ],
} as const

test('it names doors, CA file, fingerprint, and three lines that can be pasted', () => {
  const command = 'bluegate'
  const screen = welcomeScreen(gateway, { command, dataDir: '/srv/my data', hasSamples: true })
  expect(screen).toContain('PostgreSQL   localhost:5439')
  expect(screen).toContain('Console      https://localhost:8443')
  expect(screen).toContain('/srv/my data/tls/ca.crt')
  expect(screen).toContain('AA:BB')
  expect(screen).toContain(`bluegate client create tool1 --role reader --data-dir '/srv/my data'\n`)
  expect(screen).toContain(
    `psql "host=localhost port=5439 dbname=master user=tool1 sslmode=verify-full sslrootcert='/srv/my data/tls/ca.crt'" -c "select count(*) from flights"`,
  )
})

test('it says what is around the engine, and what is missing and why', () => {
  const screen = welcomeScreen(gateway, { command: 'b', dataDir: undefined, hasSamples: false })
  expect(screen).toContain('Engine       fenced by limits, calls\n')
  expect(screen).toContain('not by files: the system does not have it\n')
})

test('it asks for no table that was not loaded, and names no default directory', () => {
  const screen = welcomeScreen(gateway, {
    command: 'bluegate',
    dataDir: undefined,
    hasSamples: false,
  })
  expect(screen).not.toContain('flights')
  expect(screen).not.toContain('--data-dir')
})

test('while there is no user it shows the link that makes the first one, and not afterwards', () => {
  const options = { command: 'bluegate', dataDir: undefined, hasSamples: false }
  const setupUrl = 'https://localhost:8443/welcome#secret'
  expect(welcomeScreen({ ...gateway, setupUrl }, options)).toContain(`\n  ${setupUrl}\n`)
  expect(welcomeScreen(gateway, options)).not.toContain('/welcome')
})
