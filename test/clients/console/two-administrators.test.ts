/**
 * Two administrators at once: what one does the other sees within two seconds, and of two changes to
 * one thing neither is lost without a word.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { forgetPictures, launchBrowser, lookAt, openProfile } from '../harness/browser.ts'
import { makeClient, makeRole, post } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, choose, dialogOf, expectSaid, useOneTimeLink } from '../harness/person.ts'
import { openTool } from '../harness/tool-session.ts'

const SUITE = 'two-administrators'
const OTHER = { name: 'deputy@example.com', password: 'eleven paper bridges' }

/** What a page may show that is not so any more. */
const STALE_MS_MAX = 2_000

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let first: Page
let second: Page
const incidents: (readonly string[])[] = []
let token: string

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole()
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  incidents.push(pageIncidents(profile))
  first = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
  await makeRole(profile, 'readers')
  token = (await makeClient(profile, 'bi', 'readers', { label: 'Reports' })).token
  const invited = { name: OTHER.name, role: 'sqream' }
  const { link } = await post<{ link: { url: string } }>(profile, '/api/v1/users', invited)
  const theirs = await openProfile(browser, server.url)
  incidents.push(pageIncidents(theirs))
  second = await useOneTimeLink(theirs, link.url, OTHER)
  await second.getByRole('link', { name: 'bi', exact: true }).waitFor()
  await first.getByRole('link', { name: 'bi', exact: true }).waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

test('a client that one makes is in the table of the other', async () => {
  await makeClient(profile, 'etl', 'readers')
  await seen(second, 'etl')
  await seen(first, 'etl')
  expect(await stored('etl')).toMatchObject({ enabled: true })
})

test('what one disables is disabled for the other', async () => {
  await choose(first, 'Actions of etl', 'Disable')
  const dialog = dialogOf(first, 'Disable etl')
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
  await expectSaid(first, 'etl is cut off.')
  const row = second.getByRole('row').filter({ hasText: 'etl' })
  await row.getByText('Disabled').waitFor({ timeout: STALE_MS_MAX })
  expect(await stored('etl')).toMatchObject({ enabled: false })
})

test('a tool that connects is counted for both, and listed', async () => {
  const tool = await openTool(server, { user: 'bi', token })
  for (const page of [first, second]) {
    const row = page.getByRole('row').filter({ hasText: 'Reports' })
    await row.getByRole('link', { name: '1', exact: true }).waitFor({ timeout: STALE_MS_MAX })
  }
  await tool.end()
  for (const page of [first, second]) {
    const row = page.getByRole('row').filter({ hasText: 'Reports' })
    await row
      .getByRole('link', { name: '1', exact: true })
      .waitFor({ state: 'detached', timeout: STALE_MS_MAX })
  }
  expect(await stored('bi')).toMatchObject({ openSessions: 0 })
})

test('of two edits of one client the later is told, and can be made again on the newest', async () => {
  await choose(first, 'Actions of bi', 'Edit')
  await choose(second, 'Actions of bi', 'Edit')
  const one = dialogOf(first, 'Edit bi')
  const other = dialogOf(second, 'Edit bi')
  await one.getByLabel('Label').fill('Reports of the first')
  await other.getByLabel('Allowed addresses').fill('127.0.0.1')
  await one.getByRole('button', { name: 'Save' }).click()
  await expectSaid(first, 'bi was changed.')

  await other.getByRole('button', { name: 'Save' }).click()
  await other.getByRole('alert').getByText('Somebody else changed this').waitFor()
  expect(await other.getByLabel('Allowed addresses').inputValue()).toBe('127.0.0.1')
  await lookAt(second, SUITE, 'somebody-else-changed')
  expect(await stored('bi')).toMatchObject({ label: 'Reports of the first', allowedAddresses: [] })

  // what the first wrote is there now, what the second typed still is, and it can be saved
  await expect.poll(() => other.getByLabel('Label').inputValue()).toBe('Reports of the first')
  await other.getByRole('button', { name: 'Save' }).click()
  await expectSaid(second, 'bi was changed.')
  expect(await stored('bi')).toMatchObject({
    label: 'Reports of the first',
    allowedAddresses: ['127.0.0.1'],
  })
})

test('a deletion that was asked for before the other changed the client is not carried out', async () => {
  await choose(second, 'Actions of bi', 'Delete')
  const dialog = dialogOf(second, 'Delete bi')
  await dialog.getByLabel('Type bi to confirm').fill('bi')
  await post(profile, '/api/v1/clients/bi/disable')
  await dialog.getByRole('button', { name: 'Delete client' }).click()
  await dialog.getByRole('alert').getByText('Somebody else changed this').waitFor()
  expect(await stored('bi')).toMatchObject({ name: 'bi', enabled: false })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('roles and users follow as well', async () => {
  await second.getByRole('navigation').getByRole('link', { name: 'Roles' }).click()
  await second.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
  await second.getByRole('link', { name: 'readers' }).waitFor()
  await makeRole(profile, 'late_role')
  await seen(second, 'late_role')

  await second.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
  await second.getByText(OTHER.name).first().waitFor()
  await post(profile, '/api/v1/users', { name: 'guest@example.com', role: 'readers' })
  await second.getByText('guest@example.com').waitFor({ timeout: STALE_MS_MAX })
  expect(await second.getByText('Invited').count()).toBe(1)
})

test('nothing strange happened on any page', () => {
  expect(incidents.flat()).toEqual([])
})

async function seen(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).waitFor({ timeout: STALE_MS_MAX })
}

async function stored(name: string): Promise<unknown> {
  return (await profile.request.get(`/api/v1/clients/${name}`)).json()
}
