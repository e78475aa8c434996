/**
 * Roles, and the people who have them: what a role may do is granted on a tree with the SQL in sight;
 * a person is invited by a link, works with the role given, and is put out again.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { DESKTOP, forgetPictures, launchBrowser, lookAt } from '../harness/browser.ts'
import { openProfile, PHONE } from '../harness/browser.ts'
import { makeClient, makeRole, statusOf } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, choose, dialogOf, expectFieldError } from '../harness/person.ts'
import { expectSaid, pick, signIn, useOneTimeLink } from '../harness/person.ts'
import { openTool } from '../harness/tool-session.ts'

const SUITE = 'roles-and-users'
const ANALYST = { name: 'analyst@example.com', password: 'four green umbrellas' }

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let page: Page
let theirProfile: BrowserContext
let theirPage: Page
let incidents: readonly string[]
let theirIncidents: readonly string[]
let link: string

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole()
  await server.bluegate('sql', '-c', 'CREATE TABLE sales (region text, amount double)')
  await server.bluegate('sql', '-c', "INSERT INTO sales VALUES ('north', 1.5), ('south', 2.5)")
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  theirProfile = await openProfile(browser, server.url)
  incidents = pageIncidents(profile)
  theirIncidents = pageIncidents(theirProfile)
  page = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
})

afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe('roles', () => {
  test('are made with the right to log in and to connect; a used name is refused', async () => {
    await go('Roles')
    await lookAt(page, SUITE, 'roles')
    await page.getByRole('button', { name: 'Create role' }).click()
    const dialog = dialogOf(page, 'Create role')
    const name = dialog.getByLabel('Role name')
    await name.fill('sqream')
    await dialog.getByRole('button', { name: 'Create role' }).click()
    await expectFieldError(name, 'Role "sqream" already exists')
    await name.fill('no spaces')
    await dialog.getByRole('button', { name: 'Create role' }).click()
    await expectFieldError(name, '"no spaces" cannot name a role')
    await lookAt(page, SUITE, 'create-role')
    await name.fill('analysts')
    await dialog.getByRole('button', { name: 'Create role' }).click()
    await page.getByRole('heading', { name: 'analysts', level: 1 }).waitFor()
    await box('CONNECT on master').waitFor()
    expect(await box('CONNECT on master').isChecked()).toBe(true)
  })

  test('are granted what is ticked, by the SQL that is shown; nothing else runs', async () => {
    const { token } = await makeClient(profile, 'probe', 'analysts')
    const tool = await openTool(server, { user: 'probe', token })
    await expect(tool.query('SELECT region FROM sales')).rejects.toThrow('does not exist')

    await box('USAGE on master.public').check()
    await page.getByRole('button', { name: 'Open table sales' }).click()
    await box('SELECT on master.public.sales.region').check()
    expect(await pendingSql()).toEqual([
      'GRANT USAGE ON SCHEMA master.public TO analysts;',
      'GRANT SELECT ON COLUMN region IN TABLE master.public.sales TO analysts;',
    ])
    await lookAt(page, SUITE, 'pending-sql')
    await page.setViewportSize(PHONE)
    const { height = Infinity } = (await pending().boundingBox()) ?? {}
    expect(height).toBeLessThan(PHONE.height / 4) // the tree is in sight above it
    await page.setViewportSize(DESKTOP)
    await expect(tool.query('SELECT region FROM sales')).rejects.toThrow('does not exist')
    await runPending()
    const { rows } = await tool.query('SELECT region FROM sales ORDER BY region')
    expect(rows).toEqual([{ region: 'north' }, { region: 'south' }])
    await expect(tool.query('SELECT amount FROM sales')).rejects.toThrow(
      /Missing the following permissions: SELECT/,
    )

    await box('SELECT on master.public.sales.region').uncheck()
    expect(await pendingSql()).toEqual([
      'REVOKE SELECT ON COLUMN region IN TABLE master.public.sales FROM analysts;',
    ])
    await pending().getByRole('button', { name: 'Discard' }).click()
    await pending().waitFor({ state: 'detached' })
    expect(await box('SELECT on master.public.sales.region').isChecked()).toBe(true)
    await box('SELECT on master.public.sales.region').uncheck()
    await runPending()
    await expect(tool.query('SELECT region FROM sales')).rejects.toThrow('does not exist')
    await tool.end()
  })

  test('have members, and are members', async () => {
    await makeRole(profile, 'everybody')
    const add = 'Make analysts a member of another role'
    await page.getByRole('button', { name: add }).click()
    await pick(page, add, 'everybody')
    expect(await pendingSql()).toEqual(['GRANT everybody TO analysts;'])
    await runPending()
    await page.getByRole('link', { name: 'everybody' }).click()
    await page.getByRole('heading', { name: 'everybody', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Remove analysts' }).waitFor()
    await page.getByRole('button', { name: 'Remove analysts' }).click()
    expect(await pendingSql()).toEqual(['REVOKE everybody FROM analysts;'])
    await runPending()
    await page.getByRole('button', { name: 'Remove analysts' }).waitFor({ state: 'detached' })
  })

  test('cannot be dropped while somebody has them, and can afterwards', async () => {
    await page.goto('/settings/roles/analysts')
    await choose(page, 'Actions of analysts', 'Drop')
    const dialog = dialogOf(page, 'Drop role analysts')
    await dialog.getByText('Clients with this role: probe. Give each of them').waitFor()
    expect(await dialog.getByRole('button', { name: 'Drop role' }).isDisabled()).toBe(true)
    await lookAt(page, SUITE, 'drop-refused')
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await page.goto('/settings/roles/everybody')
    await choose(page, 'Actions of everybody', 'Drop')
    const free = dialogOf(page, 'Drop role everybody')
    await free.getByLabel('Type everybody to confirm').fill('everybody')
    await free.getByRole('button', { name: 'Drop role' }).click()
    await expectSaid(page, 'Role everybody was dropped.')
    expect(await statusOf(profile, 'GET', '/api/v1/roles/everybody')).toBe(404)
  })
})

describe('users', () => {
  test('are invited by a link; a used name is refused', async () => {
    await go('Users')
    await lookAt(page, SUITE, 'users')
    await page.getByRole('button', { name: 'Create user' }).click()
    const dialog = dialogOf(page, 'Create user')
    const name = dialog.getByLabel('User name')
    await pick(dialog, 'Role', 'analysts')
    await name.fill(ADMINISTRATOR.name.toUpperCase())
    await dialog.getByRole('button', { name: 'Create user' }).click()
    await expectFieldError(name, 'already exists. Choose another name for this user')
    await lookAt(page, SUITE, 'create-user')
    await name.fill(ANALYST.name)
    await dialog.getByRole('button', { name: 'Create user' }).click()
    const invitation = dialogOf(page, `Invitation for ${ANALYST.name}`)
    link = await invitation.getByLabel('One-time link').inputValue()
    expect(link).toMatch(/^https:\/\/localhost:\d+\/welcome#[\w-]{43}$/)
    await lookAt(page, SUITE, 'invitation')
    await invitation.getByRole('button', { name: 'Done' }).click()
    await rowOf(ANALYST.name).getByText('Invited').waitFor()
  })

  test('choose a password that is not weak, and are in', async () => {
    theirPage = await theirProfile.newPage()
    await theirPage.goto(link)
    await theirPage.getByRole('heading', { name: 'Welcome to Bluegate' }).waitFor()
    const password = theirPage.getByLabel('Password', { exact: true })
    const again = theirPage.getByLabel('Repeat the password')
    const submit = theirPage.getByRole('button', { name: 'Set password and sign in' })
    await password.fill('too short')
    await again.fill('too short')
    expect(await submit.isDisabled()).toBe(true)
    await password.fill('password1234')
    await again.fill('password1234')
    await submit.click()
    await expectFieldError(password, 'The password is one that is tried first')
    await lookAt(theirPage, SUITE, 'weak-password')
    await password.fill(ANALYST.password)
    await again.fill(ANALYST.password)
    await submit.click()
    await theirPage.getByRole('heading', { name: `Hello ${ANALYST.name}` }).waitFor()
    await lookAt(theirPage, SUITE, 'home-of-user')
    await rowOf(ANALYST.name).getByText('Active').waitFor()
  })

  test('a one-time link that was used does not work again', async () => {
    const other = await theirProfile.newPage()
    await other.goto(link)
    await other.getByRole('heading', { name: 'This link does not work' }).waitFor()
    await other.getByText('It was used, or replaced by a newer one, or it has expired.').waitFor()
    expect(await other.getByText('new link').count()).toBe(1)
    expect(await other.getByText('not valid').count()).toBe(0)
    await lookAt(other, SUITE, 'link-used')
    expect(await statusOf(profile, 'GET', '/api/v1/me')).toBe(200)
    expect(other.url()).toMatch(/\/welcome$/)
    await other.close()
  })

  test('without CLUSTERADMIN there are no Settings, and each of their calls is refused', async () => {
    expect(await theirPage.getByText('Settings', { exact: true }).count()).toBe(0)
    expect(await theirPage.getByRole('link', { name: 'Access Tokens' }).count()).toBe(0)
    for (const place of ['access-tokens', 'roles', 'users', 'sessions', 'audit']) {
      await theirPage.goto(`/settings/${place}`)
      await theirPage.getByText('These pages need CLUSTERADMIN').waitFor()
    }
    await lookAt(theirPage, SUITE, 'forbidden')

    const { paths } = (await (await theirProfile.request.get('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { 'x-needs': string }>>
    }
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, call]) => ({ path, method, needs: call['x-needs'] })),
    )
    const guarded = calls.filter(({ needs }) => needs === 'clusterAdmin')
    const answers = await Promise.all(
      guarded.map(async ({ path, method }) => {
        const place = path.replaceAll(/\{\w+\}/g, 'probe')
        const status = await statusOf(theirProfile, method.toUpperCase(), place)
        return `${method} ${path} ${status}`
      }),
    )
    expect(guarded.length).toBeGreaterThan(35)
    expect(answers).toEqual(guarded.map(({ path, method }) => `${method} ${path} 403`))
    expect(await statusOf(theirProfile, 'GET', '/api/v1/me')).toBe(200)
    expect(await statusOf(profile, 'GET', '/api/v1/clients')).toBe(200)
  })

  test('another role ends their sessions, and counts from the next sign-in', async () => {
    await choose(page, `Actions of ${ANALYST.name}`, 'Change role')
    const dialog = dialogOf(page, `Role of ${ANALYST.name}`)
    await pick(dialog, 'Role', 'sqream')
    await lookAt(page, SUITE, 'change-role')
    await dialog.getByRole('button', { name: 'Change role' }).click()
    await expectSaid(page, `${ANALYST.name} has the role sqream now.`)
    expect(await statusOf(theirProfile, 'GET', '/api/v1/me')).toBe(401)
    await signIn(theirPage, ANALYST)
    await theirPage.goto('/settings/users')
    await theirPage.getByRole('heading', { name: 'Users' }).waitFor()
  })

  test('disabled, they are out, and cannot sign in; enabled, they can', async () => {
    await choose(page, `Actions of ${ANALYST.name}`, 'Disable')
    const dialog = dialogOf(page, `Disable ${ANALYST.name}`)
    await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
    await expectSaid(page, `${ANALYST.name} is signed out and cannot sign in.`)
    expect(await statusOf(theirProfile, 'GET', '/api/v1/me')).toBe(401)
    await theirPage.goto('/sign-in')
    await theirPage.getByLabel('User name').fill(ANALYST.name)
    await theirPage.getByLabel('Password', { exact: true }).fill(ANALYST.password)
    await theirPage.getByRole('button', { name: 'Sign in' }).click()
    await theirPage.getByRole('alert').getByText('user name or the password is wrong').waitFor()

    await choose(page, `Actions of ${ANALYST.name}`, 'Enable')
    const enable = dialogOf(page, `Enable ${ANALYST.name}`)
    await enable.getByRole('button', { name: 'Enable', exact: true }).click()
    await expectSaid(page, `${ANALYST.name} may sign in again.`)
    await signIn(theirPage, ANALYST)
  })

  test('the last administrator can be neither disabled nor deleted', async () => {
    await choose(page, `Actions of ${ANALYST.name}`, 'Change role')
    const role = dialogOf(page, `Role of ${ANALYST.name}`)
    await pick(role, 'Role', 'analysts')
    await role.getByRole('button', { name: 'Change role' }).click()
    await expectSaid(page, `${ANALYST.name} has the role analysts now.`)
    await choose(page, `Actions of ${ADMINISTRATOR.name}`, 'Delete')
    const dialog = dialogOf(page, `Delete ${ADMINISTRATOR.name}`)
    await dialog.getByLabel(`Type ${ADMINISTRATOR.name} to confirm`).fill(ADMINISTRATOR.name)
    await dialog.getByRole('button', { name: 'Delete user' }).click()
    await dialog.getByText(/is the last one who can administer this gateway/).waitFor()
    expect(await statusOf(profile, 'GET', '/api/v1/users')).toBe(200)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  test('a lost password is replaced by a link, which ends the old sessions', async () => {
    await choose(page, `Actions of ${ANALYST.name}`, 'Make a link to a new password')
    const ask = dialogOf(page, `New password for ${ANALYST.name}`)
    await ask.getByRole('button', { name: 'Make the link' }).click()
    const made = dialogOf(page, `Link to a new password for ${ANALYST.name}`)
    const reset = await made.getByLabel('One-time link').inputValue()
    await made.getByRole('button', { name: 'Done' }).click()
    const fresh = await openProfile(browser, server.url)
    await useOneTimeLink(fresh, reset, { ...ANALYST, password: 'nine brass telescopes' })
    expect(await statusOf(theirProfile, 'GET', '/api/v1/me')).toBe(401)
    await fresh.close()
  })

  test('ten wrong passwords, and the right one is refused too, with the time to wait', async () => {
    await theirPage.goto('/sign-in')
    await theirPage.getByLabel('User name').fill(ANALYST.name)
    const password = theirPage.getByLabel('Password', { exact: true })
    for (let attempt = 1; attempt <= 11; attempt += 1) {
      await password.fill(attempt === 11 ? 'nine brass telescopes' : `wrong guess ${attempt}`)
      const answer = theirPage.waitForResponse('**/api/v1/sign-in')
      await theirPage.getByRole('button', { name: 'Sign in' }).click()
      expect((await answer).status()).toBe(attempt === 11 ? 429 : 401)
      await expect.poll(() => password.inputValue()).toBe('')
    }
    await theirPage.getByRole('alert').getByText('Too many failed sign-ins').waitFor()
    await theirPage
      .getByRole('alert')
      .getByText(/Wait \d+ minutes and try again/)
      .waitFor()
    await lookAt(theirPage, SUITE, 'too-many-attempts')
  })
})

test('nothing strange happened on any page', () => {
  expect([...incidents, ...theirIncidents]).toEqual([])
})

async function go(name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

function box(name: string) {
  return page.getByRole('checkbox', { name, exact: true })
}

function rowOf(name: string) {
  return page.getByRole('row').filter({ hasText: name })
}

function pending() {
  return page.getByRole('region', { name: 'Pending changes' })
}

async function pendingSql(): Promise<string[]> {
  const list = pending().getByRole('list', { name: 'SQL to run' })
  return (await list.getByRole('listitem').allInnerTexts()).map((text) => text.trim())
}

async function runPending(): Promise<void> {
  await pending().getByRole('button', { name: 'Run', exact: true }).click()
  await pending().waitFor({ state: 'detached' })
}
