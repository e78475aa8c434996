/**
 * The first hour with Bluegate, as a person goes through it: from `npm start` to a tool that is
 * connected, may read what it was granted, and is cut off again. Steps and seconds are written to
 * `.cache/screenshots/first-connection.json`.
 */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { present } from '../../../src/base/assert.ts'
import { forgetPictures, launchBrowser, lookAt, openProfile } from '../harness/browser.ts'
import { CountedSteps } from '../harness/counted-steps.ts'
import { npmStart } from '../harness/npm-start.ts'
import type { StartedGateway } from '../harness/npm-start.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, choose, dialogOf, expectInSight } from '../harness/person.ts'
import { expectSaid } from '../harness/person.ts'
import { installPsql } from '../setup/install-psql.ts'

const SUITE = 'first-connection'
const steps = new CountedSteps()

let gateway: StartedGateway
let browser: Browser
let profile: BrowserContext
let page: Page
let incidents: readonly string[]
let downloads: string
let token: string
let psql: Terminal

beforeAll(async () => {
  forgetPictures(SUITE)
  installPsql()
  downloads = mkdtempSync(path.join(os.tmpdir(), 'bluegate-downloads-'))
  browser = await launchBrowser()
  profile = await openProfile(browser)
  incidents = pageIncidents(profile)
})

afterAll(async () => {
  psql?.end()
  await browser?.close()
  await gateway?.stop()
  rmSync(downloads, { recursive: true, force: true })
})

test('the start prints a link, and the link leads to the first administrator', async () => {
  gateway = await steps.step('npm start', npmStart)
  const [link = ''] = /https:\/\/\S+\/welcome#\S+/.exec(gateway.screen) ?? []
  page = await profile.newPage()
  await steps.step('Open the link of the terminal', async () => {
    await page.goto(link)
    await page.getByRole('heading', { name: 'Set up Bluegate' }).waitFor()
  })
  expect(page.url()).not.toContain('#')
  await lookAt(page, SUITE, 'welcome')

  const { name, password } = ADMINISTRATOR
  await steps.step('User name', () => page.getByLabel('User name').fill(name))
  await steps.step('Password', () => page.getByLabel('Password', { exact: true }).fill(password))
  await steps.step('Password again', () => page.getByLabel('Repeat the password').fill(password))
  await steps.step('Create administrator', async () => {
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await page.getByRole('heading', { name: 'Access Token Management' }).waitFor()
    await page.getByText('No client yet').waitFor()
  })
  await lookAt(page, SUITE, 'access-tokens-empty')
})

test('a client with a role made on the spot gets its access token', async () => {
  const create = page.getByRole('button', { name: 'Create New Client' })
  await steps.step('Create New Client', () => create.click())
  const dialog = dialogOf(page, 'Create New Client')
  await steps.step('Client name', () => dialog.getByLabel('Client Name').fill('bi'))
  await steps.step('Make a new role', () => dialog.getByText('Make a new role').click())
  await steps.step('Name of the role', () => dialog.getByLabel('Role name').fill('reader'))
  await expectInSight(dialog.getByRole('button', { name: 'Generate Token' }))
  await lookAt(page, SUITE, 'create-new-client')
  const shown = dialogOf(page, 'Access token of bi')
  await steps.step('Generate Token', async () => {
    await dialog.getByRole('button', { name: 'Generate Token' }).click()
    await shown.waitFor()
  })
  await lookAt(page, SUITE, 'token')
  await steps.step('Copy', async () => {
    await shown.getByRole('button', { name: 'Copy the access token' }).click()
    await shown.getByText('Copied').first().waitFor()
  })
  token = String(await page.evaluate('navigator.clipboard.readText()'))
  expect(token).toMatch(/^bluegate_/)
  await steps.step('Connect a tool', async () => {
    await shown.getByRole('link', { name: 'Connect a tool' }).click()
    await page.getByText('Waiting for the first connection of bi').waitFor()
  })
  await lookAt(page, SUITE, 'connect-waiting')
})

test('psql connects with the line, the CA file and the token of the page, which sees it arrive', async () => {
  const file = await steps.step('Download the CA file', async () => {
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download the CA file' }).click()
    return await download
  })
  await file.saveAs(path.join(downloads, file.suggestedFilename()))
  const line = await steps.step('Copy the psql line', async () => {
    await page.getByLabel('Tool').selectOption('psql')
    await page.getByRole('button', { name: /^Copy Command; it asks/ }).click()
    return String(await page.evaluate('navigator.clipboard.readText()'))
  })
  expect(
    await overlap(
      page.getByRole('tooltip', { name: 'Copied' }),
      page.getByRole('button', { name: 'Insert token' }),
    ),
  ).toBe(false)
  psql = new Terminal(line, downloads, token)
  const connections = page.getByRole('status', { name: 'Connections' })
  await steps.step('Run the line, paste the token', async () => {
    await connections.getByText(/bi: connected from 127\.0\.0\.1 as psql/).waitFor()
  })
  steps.reached('connected')
  await expect
    .poll(() => connections.innerText())
    .toMatch(/bi: connected from 127\.0\.0\.1 as psql, TLS 1\.3/)
  await lookAt(page, SUITE, 'connected')
})

test('the role reads a table as soon as that is granted, with the SQL in sight', async () => {
  await psql.type('select count(*) from flights;')
  await expect.poll(() => psql.screen).toContain('relation "flights" does not exist')

  await page.getByRole('tab', { name: 'Overview' }).click()
  await steps.step('The role of the client', () =>
    page.getByRole('tabpanel').getByRole('link', { name: 'reader' }).click(),
  )
  await page.getByRole('heading', { name: 'reader', level: 1 }).waitFor()
  await steps.step('USAGE on the schema', () =>
    page.getByRole('checkbox', { name: 'USAGE on master.public', exact: true }).check(),
  )
  await steps.step('SELECT on the table', () =>
    page.getByRole('checkbox', { name: 'SELECT on master.public.flights', exact: true }).check(),
  )
  const pending = page.getByRole('region', { name: 'Pending changes' })
  await expect.poll(() => pending.innerText()).toMatch(/GRANT SELECT ON TABLE .*flights/)
  await lookAt(page, SUITE, 'grants-pending')
  await steps.step('Run', async () => {
    await pending.getByRole('button', { name: 'Run', exact: true }).click()
    await pending.waitFor({ state: 'detached' })
  })
  await steps.step('Ask in psql', async () => {
    await psql.type('select count(*) from flights;')
    await expect.poll(() => psql.screen).toContain('3000000')
  })
  steps.reached('first rows')
  steps.write(SUITE)
})

test('node-postgres connects with the same token, and is seen too', async () => {
  await page.goBack()
  await page.getByRole('tab', { name: 'Connect' }).click()
  await page.getByText('Waiting for the next connection of bi').waitFor()
  const client = new pg.Client({ ...(await connection()), password: token })
  await client.connect()
  const { rows } = await client.query('select count(*)::int as n from flights')
  await client.end()
  expect(rows).toEqual([{ n: 3_000_000 }])
  await page.getByText(/bi: connected from 127\.0\.0\.1 as an unnamed tool/).waitFor()
})

test('a wrong token is shown as refused, with the reason and what fixes it', async () => {
  const wrong = `${token.slice(0, -8)}00000000`
  const client = new pg.Client({ ...(await connection()), password: wrong })
  await expect(client.connect()).rejects.toThrow('password authentication failed')
  const connections = page.getByRole('status', { name: 'Connections' })
  await connections.getByText('Refused from').waitFor()
  const said = await connections.innerText()
  expect(said).toMatch(/access token/)
  expect(said).toContain('Copy')
  expect(said).not.toContain(wrong)
  await lookAt(page, SUITE, 'refused')
})

test('Disable says what it ends, and ends it: psql too', async () => {
  await choose(page, 'Actions of bi', 'Disable')
  const dialog = dialogOf(page, 'Disable bi')
  await dialog.getByText('1 session is open now').waitFor()
  await dialog.getByRole('button', { name: 'Disable' }).click()
  await expectSaid(page, 'bi is cut off.')
  await page.getByText('Disabled', { exact: true }).waitFor()
  await psql.type('select 1;')
  await expect.poll(() => psql.screen).toMatch(/FATAL|terminat|closed/i)
})

test('nothing strange happened on any page', () => {
  expect(incidents).toEqual([])
})

/** What the page says under "For any other tool". */
async function connection(): Promise<pg.ClientConfig> {
  const fact = (name: string): Promise<string> =>
    page.getByRole('definition').nth(['Host', 'Port', 'Database', 'User'].indexOf(name)).innerText()
  return {
    host: await fact('Host'),
    port: Number(await fact('Port')),
    database: await fact('Database'),
    user: await fact('User'),
    ssl: { ca: readFileSync(path.join(downloads, 'bluegate-ca.crt'), 'utf8') },
  }
}

async function overlap(one: Locator, other: Locator): Promise<boolean> {
  const a = present(await one.boundingBox(), 'it is shown')
  const b = present(await other.boundingBox(), 'it is shown')
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** A window with a command in it that asks for a password. */
class Terminal {
  screen = ''
  readonly #child: ChildProcessWithoutNullStreams

  constructor(line: string, directory: string, password: string) {
    this.#child = spawn('sh', ['-c', `exec ${line}`], {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, PGPASSWORD: password },
    })
    this.#child.stdin.on('error', () => undefined) // psql may have ended
    this.#child.stdout.on('data', (bytes) => (this.screen += String(bytes)))
    this.#child.stderr.on('data', (bytes) => (this.screen += String(bytes)))
  }

  async type(line: string): Promise<void> {
    await new Promise<void>((resolve) => this.#child.stdin.write(`${line}\n`, () => resolve()))
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
