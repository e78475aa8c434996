/**
 * A file becomes a table: looked at first, corrected where the guess was wrong, loaded as a whole or
 * not at all, with the bad rows told; by an administrator, and by a user without CLUSTERADMIN.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { forgetPictures, launchBrowser, lookAt, openProfile } from '../harness/browser.ts'
import { makeRole, post } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, useOneTimeLink } from '../harness/person.ts'

const SUITE = 'load-data'
const ANALYST = { name: 'analyst@example.com', password: 'four green umbrellas' }
const GOOD = 'region,amount,day\nnorth,1.5,2026-01-02\nsouth,2.5,2026-01-03\n'
const BAD = 'region,amount,day\neast,3.5,2026-01-04\nwest,not a number,2026-01-05\n'

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let page: Page
let incidents: readonly string[]

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole()
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  incidents = pageIncidents(profile)
  page = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('a file is looked at before anything is loaded, and then is a table', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Data' }).click()
  await page.getByText('Nothing loaded yet').waitFor()
  await lookAt(page, SUITE, 'empty')
  await send(page, 'sales.csv', GOOD)
  const columns = page.getByRole('table', { name: 'Columns and first rows' })
  await columns.getByText('2026-01-02').waitFor()
  expect(await table(page).inputValue()).toBe('sales')
  await expect(rowsOf('sales')).rejects.toThrow('does not exist')
  await lookAt(page, SUITE, 'preview')
  await start(page).click()
  await page.getByRole('status').getByText('2 rows are in master.public.sales').waitFor()
  await lookAt(page, SUITE, 'loaded')
  expect(await rowsOf('sales')).toBe(2)
})

test('bad rows are told, nothing of the file is loaded, and a column left out is another try', async () => {
  await page.getByRole('link', { name: 'Load another file' }).click()
  await send(page, 'more.csv', BAD)
  await page.getByText('Existing table').click()
  await page.getByRole('combobox', { name: 'Table' }).click()
  await page.getByRole('option', { name: 'master.public.sales' }).click()
  await start(page).click()
  const bad = page.getByRole('table', { name: 'Bad rows' })
  await bad.getByText('not a number').first().waitFor()
  await bad.getByText('This is no value that DOUBLE keeps exactly.').waitFor()
  await lookAt(page, SUITE, 'bad-rows')
  expect(await rowsOf('sales')).toBe(2)

  await page.getByRole('checkbox', { name: 'Include amount' }).uncheck()
  await start(page).click()
  await page.getByRole('status').getByText('2 rows were added to master.public.sales').waitFor()
  expect(await rowsOf('sales')).toBe(4)
})

test('without the right to create, the table is refused and the file is still there', async () => {
  await makeRole(profile, 'analysts')
  const invited = { name: ANALYST.name, role: 'analysts' }
  const { link } = await post<{ link: { url: string } }>(profile, '/api/v1/users', invited)
  const theirs = await openProfile(browser, server.url)
  const other = await useOneTimeLink(theirs, link.url, ANALYST)
  await other.getByRole('navigation').getByRole('link', { name: 'Data' }).click()
  await send(other, 'mine.csv', GOOD)
  await other.getByRole('table', { name: 'Columns and first rows' }).waitFor()
  await start(other).click()
  await other.getByRole('alert').first().waitFor()
  expect(await other.getByRole('alert').first().innerText()).toMatch(/permission|does not exist/i)
  await lookAt(other, SUITE, 'not-allowed')
  await expect(rowsOf('mine')).rejects.toThrow('does not exist')
  await theirs.close()
})

test('nothing strange happened on any page', () => {
  expect(incidents).toEqual([])
})

async function send(on: Page, name: string, text: string): Promise<void> {
  const chooser = on.waitForEvent('filechooser')
  await on.getByRole('button', { name: 'Choose a file' }).click()
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) }
  await (await chooser).setFiles(file)
  await on.getByText(name).first().waitFor()
}

function start(on: Page): Locator {
  return on.getByRole('button', { name: 'Start loading' })
}

function table(on: Page): Locator {
  return on.getByLabel('Name of the new table')
}

async function rowsOf(name: string): Promise<number> {
  const printed = await server.bluegate('sql', '-c', `SELECT count(*) AS n FROM ${name}`)
  return Number(/\d+/.exec(printed)?.[0])
}
