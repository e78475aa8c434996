/**
 * Access Token Management, day by day: finding a client, changing it, seeing its token again,
 * cutting it off, and what is refused with which words.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { forgetPictures, launchBrowser, lookAt, openProfile } from '../harness/browser.ts'
import { makeClient, makeRole, statusOf } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { gatewayClock } from '../harness/gateway-clock.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, choose, dialogOf, expectFieldError } from '../harness/person.ts'
import { expectSaid, pick, useOneTimeLink } from '../harness/person.ts'
import { isCutOff, openTool } from '../harness/tool-session.ts'

const SUITE = 'access-tokens'
const DAY = 24 * 3_600_000
const clock = gatewayClock()
const tokens = new Map<string, string>()

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let page: Page
let incidents: readonly string[]

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole({ env: clock.env })
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  incidents = pageIncidents(profile)
  page = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
  for (const role of ['readers', 'writers', 'leavers']) await makeRole(profile, role)
  const made = [
    ['bi', 'readers', { label: 'Tableau of the sales team' }],
    ['etl', 'writers', { label: 'Nightly loads', allowedAddresses: ['10.0.0.0/8'] }],
    ['night-report', 'readers', { expiresAt: in_(20 * DAY) }],
  ] as const
  for (const [name, role, more] of made) {
    tokens.set(name, (await makeClient(profile, name, role, more)).token)
  }
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
  clock.remove()
})

test('a client that cannot be made is refused at the field that is wrong, and nothing is lost', async () => {
  await page.getByRole('link', { name: 'night-report' }).waitFor()
  await page.getByRole('button', { name: 'Create New Client' }).click()
  const dialog = dialogOf(page, 'Create New Client')
  const name = dialog.getByLabel('Client Name')
  const addresses = dialog.getByLabel('Allowed addresses')
  const generate = dialog.getByRole('button', { name: 'Generate Token' })
  await pick(dialog, 'Client Role', 'leavers')

  await name.fill('Power BI')
  await generate.click()
  await expectFieldError(name, '"Power BI" cannot name a client')
  await expectFieldError(name, 'for example "power-bi"')

  await name.fill('bi')
  await generate.click()
  await expectFieldError(name, 'Client "bi" already exists')
  await lookAt(page, SUITE, 'name-is-used')

  await name.fill('powerbi')
  await addresses.fill('10.0.0.0/99')
  await generate.click()
  await expectFieldError(addresses, '"10.0.0.0/99" is neither an address nor a CIDR block')
  expect(await name.inputValue()).toBe('powerbi')

  await addresses.fill('')
  const elsewhere = await profile.request.delete('/api/v1/roles/leavers', {
    headers: { 'X-Bluegate-Console': '1' },
  })
  expect(elsewhere.status()).toBe(204)
  await generate.click()
  const role = dialog.getByRole('combobox', { name: 'Client Role' })
  await expectFieldError(role, 'Role "leavers" does not exist')

  await pick(dialog, 'Client Role', 'readers')
  await generate.click()
  const shown = dialogOf(page, 'Access token of powerbi')
  await shown.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('link', { name: 'powerbi' }).waitFor()
})

test('Jobs run as one client, which cannot be deleted meanwhile', async () => {
  await page.getByRole('radio', { name: 'Run Jobs as etl' }).click()
  const asked = dialogOf(page, 'Run Jobs as etl')
  await asked.getByRole('button', { name: 'Run Jobs as this client' }).click()
  await expectSaid(page, 'Jobs run as etl from now on.')
  await expect
    .poll(() => page.getByRole('radio', { name: 'Run Jobs as etl' }).isChecked())
    .toBe(true)

  await choose(page, 'Actions of etl', 'Delete')
  const dialog = dialogOf(page, 'Delete etl')
  await dialog.getByText('Choose another client in the column Jobs').waitFor()
  expect(await dialog.getByRole('button', { name: 'Delete client' }).isDisabled()).toBe(true)
  await lookAt(page, SUITE, 'delete-jobs-client')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('link', { name: 'etl', exact: true }).waitFor()
})

test('Edit changes label, role, addresses and expiry; an end that is near is warned of', async () => {
  await choose(page, 'Actions of night-report', 'Edit')
  const dialog = dialogOf(page, 'Edit night-report')
  const save = dialog.getByRole('button', { name: 'Save' })
  expect(await save.isDisabled()).toBe(true)
  await dialog.getByLabel('Label').fill('Report at night')
  await pick(dialog, 'Client Role', 'writers')
  await dialog.getByLabel('Allowed addresses').fill('127.0.0.1\n10.1.0.0/16')
  await dialog.getByLabel('Last day').fill(in_(2 * DAY).slice(0, 10))
  await lookAt(page, SUITE, 'edit')
  await save.click()
  await expectSaid(page, 'night-report was changed.')

  const warnings = page.getByRole('region', { name: 'Warnings' })
  const warned = warnings.getByRole('link', { name: 'Open night-report' })
  const row = page.getByRole('row').filter({ hasText: 'night-report' })
  await row.getByText('2 days left').waitFor()
  await row.getByText('in 2 days').waitFor()
  await warned.waitFor()
  await lookAt(page, SUITE, 'ends-soon')
  await warned.click()
  await page.getByText('127.0.0.1, 10.1.0.0/16').waitFor()
  await page.getByRole('tabpanel').getByRole('link', { name: 'writers' }).waitFor()
  await lookAt(page, SUITE, 'client')
  await page.getByRole('link', { name: 'Access Token Management' }).click()
})

test('Disable tells first who will notice, and Enable lets the same token in again', async () => {
  const tool = await openTool(server, { user: 'bi', token: tokenOf('bi') })
  await choose(page, 'Actions of bi', 'Disable')
  const dialog = dialogOf(page, 'Disable bi')
  await dialog.getByText('1 session is open now').waitFor()
  await dialog.getByText(/Tableau 2026\.1 from 127\.0\.0\.1, once/).waitFor()
  await lookAt(page, SUITE, 'disable')
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
  await expectSaid(page, 'bi is cut off.')
  await expect.poll(() => isCutOff(tool)).toBe(true)
  await expect(openTool(server, { user: 'bi', token: tokenOf('bi') })).rejects.toThrow(
    'client "bi" is disabled',
  )

  await choose(page, 'Actions of bi', 'Enable')
  await dialogOf(page, 'Enable bi').getByRole('button', { name: 'Enable', exact: true }).click()
  await expectSaid(page, 'bi may connect again.')
  const again = await openTool(server, { user: 'bi', token: tokenOf('bi') })
  await again.end()
})

test('Regenerate at once ends the old token and shows the new one', async () => {
  const tool = await openTool(server, { user: 'bi', token: tokenOf('bi') })
  await choose(page, 'Actions of bi', 'Regenerate Access Token')
  const dialog = dialogOf(page, 'Regenerate the access token of bi')
  await dialog.getByText('What stops working until it has the new token').waitFor()
  await lookAt(page, SUITE, 'regenerate')
  await dialog.getByRole('button', { name: 'Regenerate Access Token' }).click()
  const fresh = await shownToken('bi')
  await expect.poll(() => isCutOff(tool)).toBe(true)
  await expect(openTool(server, { user: 'bi', token: tokenOf('bi') })).rejects.toThrow(
    'password authentication failed',
  )
  tokens.set('bi', fresh)
  await (await openTool(server, { user: 'bi', token: fresh })).end()
})

test('with a grace period both tokens work, the use of the old one shows, and it can be ended', async () => {
  const old = tokenOf('bi')
  await choose(page, 'Actions of bi', 'Regenerate Access Token')
  const dialog = dialogOf(page, 'Regenerate the access token of bi')
  await dialog.getByLabel('works on for a while').check()
  await dialog.getByLabel('How long').selectOption('1 hour')
  await dialog.getByRole('button', { name: 'Regenerate Access Token' }).click()
  const fresh = await shownToken('bi')
  await page.getByRole('link', { name: 'bi', exact: true }).click()
  const says = (words: RegExp) => page.getByRole('status').filter({ hasText: words }).waitFor()
  await says(/New token .*: not used yet/)
  await says(/Old token .*: not used since the new one was made/)

  const straggler = await openTool(server, {
    user: 'bi',
    token: old,
    applicationName: 'Old laptop',
  })
  await says(/Old token .*: still in use, last used .* by Old laptop from/)
  await says(/New token .*: not used yet/)
  await lookAt(page, SUITE, 'old-token-in-use')
  await page.getByRole('button', { name: 'End now' }).click()
  const asked = dialogOf(page, 'End the old token of bi now')
  await asked.getByRole('button', { name: 'End the old token' }).click()
  await expectSaid(page, 'The old token of bi has ended.')
  await expect.poll(() => isCutOff(straggler)).toBe(true)
  await expect(openTool(server, { user: 'bi', token: old })).rejects.toThrow(
    'password authentication failed',
  )
  await (await openTool(server, { user: 'bi', token: fresh })).end()
  tokens.set('bi', fresh)
})

test('after five minutes the token is shown only to who knows the password', async () => {
  await clock.pass(6)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const proof = dialogOf(page, 'Confirm that it is you')
  const password = proof.getByLabel('Password', { exact: true })
  await password.fill('not the password')
  await proof.getByRole('button', { name: 'Continue' }).click()
  await expectFieldError(password, 'The password is wrong')
  await lookAt(page, SUITE, 'password-proof')
  await password.fill(ADMINISTRATOR.password)
  await proof.getByRole('button', { name: 'Continue' }).click()
  expect(await shownToken('bi')).toBe(tokenOf('bi'))
})

test('Delete needs the name typed, and then the client is gone', async () => {
  await choose(page, 'Actions of bi', 'Delete')
  const dialog = dialogOf(page, 'Delete bi')
  const confirm = dialog.getByRole('button', { name: 'Delete client' })
  await dialog.getByLabel('Type bi to confirm').fill('BI')
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByLabel('Type bi to confirm').fill('bi')
  await confirm.click()
  await expectSaid(page, 'bi was deleted.')
  await page.getByRole('heading', { name: 'Access Token Management' }).waitFor()
  await page.getByText('3 clients', { exact: true }).waitFor()
  await expect(openTool(server, { user: 'bi', token: tokenOf('bi') })).rejects.toThrow(
    'password authentication failed',
  )
})

test('clients are found by name and by label, and leafed through', async () => {
  for (let number = 10; number < 60; number += 1) {
    await makeClient(profile, `script-${number}`, 'readers')
  }
  await page.getByText('1–50 of 53 clients').waitFor()
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('51–53 of 53 clients').waitFor()
  expect(await rows()).toHaveLength(3)
  await page.getByRole('button', { name: 'Previous page' }).click()
  await page.getByText('1–50 of 53 clients').waitFor()
  await lookAt(page, SUITE, 'clients')

  await page.getByRole('searchbox', { name: 'Search clients' }).fill('nightly')
  await expect.poll(rows).toEqual([expect.stringContaining('Nightly loads')])
  expect(page.url()).toContain('search=')
  await page.getByRole('searchbox').fill('nothing like this')
  await page.getByText('No client matches').waitFor()
  await lookAt(page, SUITE, 'nothing-found')
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await page.getByText('1–50 of 53 clients').waitFor()
  await page.getByRole('searchbox', { name: 'Search clients' }).fill('script-1')
  await page.getByText('10 clients').waitFor()
})

test('a session that has ended asks for the password, and what was typed is kept and sent', async () => {
  await page.getByRole('button', { name: 'Create New Client' }).click()
  const dialog = dialogOf(page, 'Create New Client')
  await dialog.getByLabel('Client Name').fill('kept')
  await pick(dialog, 'Client Role', 'readers')
  await clock.pass(16)
  await dialog.getByRole('button', { name: 'Generate Token' }).click()
  const again = dialogOf(page, 'Sign in again')
  await again.getByText('Your session has ended.').waitFor()
  await lookAt(page, SUITE, 'sign-in-again')
  await again.getByLabel('Password', { exact: true }).fill(ADMINISTRATOR.password)
  await again.getByRole('button', { name: 'Sign in' }).click()
  await again.waitFor({ state: 'detached' })
  const shown = dialogOf(page, 'Access token of kept')
  await Promise.any([
    shown.waitFor(),
    dialog
      .getByRole('button', { name: 'Generate Token' })
      .click()
      .then(() => shown.waitFor()),
  ])
  await shown.getByRole('button', { name: 'Done' }).click()
  expect(await statusOf(profile, 'GET', '/api/v1/clients/kept')).toBe(200)
})

test('nothing strange happened on any page', () => {
  expect(incidents).toEqual([])
})

function in_(ms: number): string {
  return new Date(Date.now() + ms).toISOString()
}

function tokenOf(name: string): string {
  return tokens.get(name) ?? ''
}

function rows(): Promise<string[]> {
  return page
    .getByRole('table', { name: 'Clients' })
    .locator('tbody')
    .getByRole('row')
    .allInnerTexts()
}

async function shownToken(name: string): Promise<string> {
  const dialog = dialogOf(page, `Access token of ${name}`)
  const token = await dialog.getByLabel('Access token', { exact: true }).inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()
  return token
}
