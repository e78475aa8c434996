/**
 * Pools and limits in the console: pools are made, changed, made the default and dropped, and show
 * who runs and waits; the limits of a client are set where it is shown and in the overview, and hold
 * for its open sessions.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type pg from 'pg'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { forgetPictures, launchBrowser, lookAt, openProfile } from '../harness/browser.ts'
import { makeClient, makeRole, statusOf } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, choose, dialogOf, expectFieldError } from '../harness/person.ts'
import { expectSaid, useOneTimeLink } from '../harness/person.ts'
import { openTool } from '../harness/tool-session.ts'

const SUITE = 'pools-and-limits'
const ENDLESS = `SELECT count(*) FROM numbers a, numbers b, numbers c
  WHERE (a.i * b.i + c.i) % 7 = 8`

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let page: Page
let incidents: readonly string[]
let token: string
const tools: pg.Client[] = []

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole()
  const sql = (text: string): Promise<string> => server.bluegate('sql', '-c', text)
  await sql('CREATE TABLE numbers AS SELECT i::bigint AS i FROM range(20000) r(i)')
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  incidents = pageIncidents(profile)
  page = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
  await makeRole(profile, 'readers')
  await sql('GRANT SELECT ON TABLE numbers TO readers')
  await sql('GRANT USAGE ON SCHEMA public TO readers')
  token = (await makeClient(profile, 'bi', 'readers')).token
})

afterAll(async () => {
  for (const tool of tools) await tool.end().catch(() => undefined)
  await browser?.close()
  await server?.stop()
})

describe('pools', () => {
  test('are made with their limits; a wrong name or limit is told at its field', async () => {
    await go('Pools')
    await rowOf('default').getByText('Default', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Create pool' }).click()
    const dialog = dialogOf(page, 'Create pool')
    const name = dialog.getByLabel('Pool name')
    await name.fill('my reports')
    await dialog.getByRole('button', { name: 'Create pool' }).click()
    await expectFieldError(name, '"my reports" cannot name a pool')
    await name.fill('reports')
    await dialog.getByLabel('Statements at once').fill('0')
    await dialog.getByRole('button', { name: 'Create pool' }).click()
    await expectFieldError(dialog.getByLabel('Statements at once'), 'out of range')
    await dialog.getByLabel('Statements at once').fill('1')
    await dialog.getByLabel('Longest wait').fill('60')
    await dialog.getByRole('button', { name: 'Create pool' }).click()
    await expectSaid(page, 'Pool reports was made.')
    await rowOf('reports').getByText('60 s').waitFor()
    expect(await statusOf(profile, 'GET', '/api/v1/pools/reports')).toBe(200)
  })

  test('show who runs and who waits, as it comes and goes', async () => {
    const [first, second] = [await tool(), await tool()]
    await first.query('USE POOL reports')
    await second.query('USE POOL reports')
    const endless = first.query(ENDLESS).catch((error: Error) => error.message)
    await expect.poll(() => cellsOf('reports')).toEqual(['1', '60 s', 'No limit', '1', '0'])
    const waiting = second.query('SELECT count(*) AS n FROM numbers')
    await expect.poll(() => cellsOf('reports')).toEqual(['1', '60 s', 'No limit', '1', '1'])
    await lookAt(page, SUITE, 'pools')

    await choose(page, 'Actions of reports', 'Edit')
    const dialog = dialogOf(page, 'Edit pool reports')
    await dialog.getByLabel('Statements at once').fill('2')
    await dialog.getByLabel('Longest wait').fill('')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expectSaid(page, 'Pool reports was changed.')
    expect((await waiting).rows).toEqual([{ n: '20000' }])
    await expect.poll(() => cellsOf('reports')).toEqual(['2', 'No limit', 'No limit', '1', '0'])
    await first.end()
    await endless
    await expect.poll(() => cellsOf('reports')).toEqual(['2', 'No limit', 'No limit', '0', '0'])
  })

  test('another one becomes the default; that one is not dropped, the old one is', async () => {
    await choose(page, 'Actions of reports', 'Make default')
    await dialogOf(page, 'Make reports the default pool')
      .getByRole('button', { name: 'Make default' })
      .click()
    await expectSaid(page, 'Pool reports is the default one now.')
    await rowOf('reports').getByText('Default', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Actions of reports' }).click()
    const drop = page.getByRole('menuitem', { name: 'Drop' })
    await expect.poll(() => drop.isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await statusOf(profile, 'DELETE', '/api/v1/pools/reports')).toBe(409)

    await choose(page, 'Actions of default', 'Drop')
    const dialog = dialogOf(page, 'Drop pool default')
    await dialog.getByLabel('Type default to confirm').fill('default')
    await dialog.getByRole('button', { name: 'Drop pool' }).click()
    await expectSaid(page, 'Pool default was dropped.')
    expect(await statusOf(profile, 'GET', '/api/v1/pools/default')).toBe(404)
  })
})

describe('limits', () => {
  test('of a client are set on its page, and hold for its open session', async () => {
    const session = await tool()
    expect((await session.query('SELECT i FROM numbers LIMIT 200')).rowCount).toBe(200)
    await page.goto('/settings/access-tokens/bi')
    await page.getByText('It may use what it needs, at any time.').waitFor()
    await page.getByRole('button', { name: 'Edit limits' }).click()
    const dialog = dialogOf(page, 'Limits of bi')
    await dialog.getByLabel('Rows of a statement').fill('100')
    const hours = dialog.getByLabel('Hours')
    await hours.fill('always')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expectFieldError(hours, '"always" are no hours')
    await lookAt(page, SUITE, 'edit-limits')
    await hours.fill('daily 00:00-24:00 UTC')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expectSaid(page, 'The limits of bi were changed.')
    await page.getByText('daily 00:00-24:00 UTC').waitFor()
    await lookAt(page, SUITE, 'client-limits')
    await expect(session.query('SELECT i FROM numbers LIMIT 200')).rejects.toMatchObject({
      code: '54000',
    })
    expect((await session.query('SELECT i FROM numbers LIMIT 100')).rowCount).toBe(100)
  })

  test('of all clients are in the overview, and are taken away there', async () => {
    await go('Limits')
    await rowOf('bi').getByText('Rows of a statement: 100').waitFor()
    await lookAt(page, SUITE, 'limits')
    await page.getByRole('button', { name: 'Edit the limits of bi' }).click()
    const dialog = dialogOf(page, 'Limits of bi')
    await dialog.getByLabel('Rows of a statement').fill('')
    await dialog.getByLabel('Hours').fill('')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expectSaid(page, 'The limits of bi were changed.')
    await rowOf('bi').getByText('None', { exact: true }).waitFor()
    const session = await tool()
    expect((await session.query('SELECT i FROM numbers LIMIT 200')).rowCount).toBe(200)
  })
})

test('nothing strange happened on any page', () => {
  expect(incidents).toEqual([])
})

async function tool(): Promise<pg.Client> {
  const client = await openTool(server, { user: 'bi', token })
  tools.push(client)
  return client
}

async function go(name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

function rowOf(name: string) {
  return page.getByRole('row').filter({ hasText: name })
}

/** The limits, who runs and who waits. */
async function cellsOf(pool: string): Promise<string[]> {
  const texts = await rowOf(pool).getByRole('cell').allInnerTexts()
  return texts.slice(1, 6).map((text) => text.trim())
}
