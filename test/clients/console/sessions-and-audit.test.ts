/**
 * Who is connected and what runs, and what is on record of it: cancelling, ending, searching the
 * audit, watching it, taking it away as a file, and checking that it is whole.
 */
import { readFileSync } from 'node:fs'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { DESKTOP, forgetPictures, launchBrowser, lookAt } from '../harness/browser.ts'
import { openProfile, PHONE } from '../harness/browser.ts'
import { makeClient, makeRole } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, dialogOf, expectInSight, expectSaid } from '../harness/person.ts'
import { useOneTimeLink } from '../harness/person.ts'
import { isCutOff, openTool } from '../harness/tool-session.ts'

const SUITE = 'sessions-and-audit'
const LONG =
  'select count(*) from generate_series(1, 1000000) a(i), generate_series(1, 2000000) b(j) where i * j % 7 = 8'

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let page: Page
let incidents: readonly string[]
let token: string
let tool: pg.Client

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole()
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  incidents = pageIncidents(profile)
  page = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
  await makeRole(profile, 'readers')
  token = (await makeClient(profile, 'bi', 'readers')).token
})

afterAll(async () => {
  await browser?.close()
  await tool?.end().catch(() => undefined)
  await server?.stop()
})

describe('sessions', () => {
  test('appear when a tool connects, with what it runs', async () => {
    await go('Sessions')
    await page.getByText('Nobody is connected').waitFor()
    await lookAt(page, SUITE, 'nobody-connected')
    tool = await openTool(server, { user: 'bi', token })
    await session().getByText('Idle').waitFor()
    await session().getByText('Tableau 2026.1').waitFor()
    expect(await session().innerText()).toMatch(/127\.0\.0\.1[^]*TLS 1\.3/)
  })

  test('show a running statement, which can be cancelled; the session goes on', async () => {
    const running = tool.query(LONG).catch((error: unknown) => error)
    await session().getByText(LONG).waitFor()
    await lookAt(page, SUITE, 'running')
    await page.setViewportSize(PHONE)
    const cards = page.getByRole('list', { name: 'Open sessions' })
    await expectInSight(cards.getByRole('button', { name: /^Cancel statement/ }))
    await expectInSight(cards.getByRole('button', { name: 'End the session of bi' }))
    await page.setViewportSize(DESKTOP)
    await session()
      .getByRole('button', { name: /^Cancel statement \d+ of bi$/ })
      .click()
    expect(await running).toMatchObject({ code: '57014' })
    await expectSaid(page, 'The statement is being cancelled.')
    await session().getByText('Idle').waitFor()
    expect(await isCutOff(tool)).toBe(false)
  })

  test('are ended, after a question', async () => {
    await session().getByRole('button', { name: 'End the session of bi from 127.0.0.1' }).click()
    const dialog = dialogOf(page, 'End the session of bi')
    await lookAt(page, SUITE, 'end-session')
    await dialog.getByRole('button', { name: 'End session' }).click()
    await expectSaid(page, 'The session of bi has ended.')
    await page.getByText('Nobody is connected').waitFor()
    expect(await isCutOff(tool)).toBe(true)
  })
})

describe('the audit', () => {
  test('is searched by filters that stand in the address', async () => {
    await go('Audit')
    await records().first().waitFor()
    await lookAt(page, SUITE, 'audit')
    await page.getByLabel('Who').fill('bi')
    await page.getByLabel('Outcome').selectOption('cancelled')
    await page.getByRole('search').getByRole('button', { name: 'Search' }).click()
    await expect.poll(() => records().count()).toBe(1)
    expect(await records().innerText()).toContain(LONG)
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('cancelled')
    expect(new URL(page.url()).searchParams.get('who')).toBe('bi')

    await page.reload()
    await expect.poll(() => records().count()).toBe(1)
    expect(await page.getByLabel('Who').inputValue()).toBe('bi')
  })

  test('tells all of a record', async () => {
    await records()
      .getByRole('button', { name: /^Details of .* by bi/ })
      .click()
    const drawer = page.getByRole('dialog', { name: /^Record / })
    await drawer.getByRole('region', { name: 'Details' }).getByText(LONG).waitFor()
    expect(await drawer.innerText()).toMatch(/Role\s+readers[^]*127\.0\.0\.1[^]*Tableau 2026\.1/)
    await lookAt(page, SUITE, 'record')
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached' })
  })

  test('says what to do when nothing fits', async () => {
    await page.getByLabel('Details contain').fill('nothing of this kind')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing on record fits').waitFor()
    expect(await records().count()).toBe(0)
    await lookAt(page, SUITE, 'nothing-fits')
  })

  test('shows live what happens, within the filters', async () => {
    await page.goto('/settings/audit?who=bi')
    await page.getByRole('switch', { name: 'Live' }).check()
    const before = await records().count()
    await openTool(server, { user: 'bi', token }).then((one) => one.end())
    await expect(openTool(server, { user: 'bi', token: 'wrong' })).rejects.toThrow(
      'password authentication failed',
    )
    const refused = records().filter({ hasText: 'login refused' })
    await refused.first().waitFor()
    await expect.poll(() => records().count()).toBeGreaterThan(before + 1)
    await lookAt(page, SUITE, 'live')
  })

  test('is taken away as NDJSON and as CSV: what the filters find, nothing else', async () => {
    await page.goto('/settings/audit?who=bi&outcome=refused')
    await records().first().waitFor()
    const ndjson = await exported('NDJSON (one JSON a line)')
    expect(ndjson.name).toMatch(/^bluegate-audit-\d{8}T\d{6}Z\.ndjson$/)
    const found = ndjson.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(found).toMatchObject([{ username: 'bi', action: 'login_refused', outcome: 'refused' }])

    const csv = await exported('CSV')
    expect(csv.name).toMatch(/^bluegate-audit-\d{8}T\d{6}Z\.csv$/)
    const lines = csv.text.trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^sequence,time,/)
    expect(lines[1]).toContain('login_refused,refused,bi')
    expect(ndjson.text + csv.text).not.toContain(token)
  })

  test('is verified, with the number of records and the head of the chain', async () => {
    await page.getByRole('button', { name: 'Verify' }).click()
    const dialog = dialogOf(page, 'Verify the record')
    await dialog.getByText('The record is whole').waitFor()
    expect(await dialog.innerText()).toMatch(/\d+ records in 1 segment[^]*Head: [\w-]{43}/)
    await lookAt(page, SUITE, 'verified')
  })
})

test('nothing strange happened on any page', () => {
  expect(incidents).toEqual([])
})

async function go(name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

function session(): Locator {
  return page
    .getByRole('table', { name: 'Open sessions' })
    .getByRole('row')
    .filter({ hasText: 'bi' })
}

function records(): Locator {
  return page
    .getByRole('table', { name: 'Records' })
    .locator('tbody')
    .getByRole('row')
    .filter({
      has: page.getByRole('button', { name: /^Details of/ }),
    })
}

async function exported(format: string): Promise<{ name: string; text: string }> {
  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: format }).click()
  const file = await download
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
}
