/**
 * What a hostile site, a hostile client and a stranger at the network may try with a console in
 * which an administrator is signed in.
 */
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import type { BluegateServer } from '../harness/bluegate-server.ts'
import { forgetPictures, launchBrowser, lookAt, openProfile } from '../harness/browser.ts'
import { makeClient, makeRole, statusOf } from '../harness/console-api.ts'
import { startConsole } from '../harness/console-server.ts'
import { pageIncidents } from '../harness/page-incidents.ts'
import { ADMINISTRATOR, choose, dialogOf, expectSaid, signIn } from '../harness/person.ts'
import { useOneTimeLink } from '../harness/person.ts'
import { openTool } from '../harness/tool-session.ts'

const SUITE = 'browser-security'
const SCRIPT = `<img src=x onerror=alert(1)><script>alert(2)</script>`

/** Answers that must hold a token: of who makes, shows or replaces it. */
const HOLDS_TOKEN = /^POST \/api\/v1\/clients(?:\/[^/]+\/(?:show-token|regenerate))?$/

let server: BluegateServer
let browser: Browser
let profile: BrowserContext
let page: Page
let hostileSite: Server
let hostileUrl: string
const incidents: (readonly string[])[] = []
const answers: Promise<Answer>[] = []
const tokens: string[] = []

interface Answer {
  readonly call: string
  readonly path: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

beforeAll(async () => {
  forgetPictures(SUITE)
  server = await startConsole()
  browser = await launchBrowser()
  profile = await openProfile(browser, server.url)
  incidents.push(pageIncidents(profile))
  profile.on('response', (response) => answers.push(read(response)))
  page = await useOneTimeLink(profile, server.setupUrl, ADMINISTRATOR)
  await makeRole(profile, 'readers')
  tokens.push((await makeClient(profile, 'bi', 'readers', { label: SCRIPT })).token)
  hostileSite = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(request.url === '/frame' ? framing(server.url) : forging(server.url))
  })
  await new Promise<void>((resolve) => hostileSite.listen(0, 'localhost', () => resolve()))
  hostileUrl = `http://localhost:${(hostileSite.address() as AddressInfo).port}`
})

afterAll(async () => {
  await browser?.close()
  hostileSite?.closeAllConnections()
  hostileSite?.close()
  await server?.stop()
})

describe('texts that strangers choose', () => {
  test('are shown as text: label, application name, User-Agent, user name', async () => {
    const [token = ''] = tokens
    const tool = await openTool(server, { user: 'bi', token, applicationName: SCRIPT })
    await profile.request.post('/api/v1/sign-in', {
      data: { user: SCRIPT, password: 'wrong' },
      headers: { 'X-Bluegate-Console': '1', 'User-Agent': SCRIPT },
    })
    await page.getByText('<script>alert(2)</script>').first().waitFor()
    await lookAt(page, SUITE, 'script-in-label')
    await choose(page, 'Actions of bi', 'Disable')
    await dialogOf(page, 'Disable bi').getByText(SCRIPT).first().waitFor()
    await page.keyboard.press('Escape')
    await open('/settings/access-tokens/bi', SCRIPT)
    await open('/settings/access-tokens/bi/sessions', SCRIPT)
    await open('/settings/sessions', SCRIPT)
    await lookAt(page, SUITE, 'script-in-application-name')
    await open('/settings/audit', SCRIPT)
    await lookAt(page, SUITE, 'script-in-audit')
    await page.goto('/settings/access-tokens/bi/connect')
    await page.getByText('Waiting for the next connection of bi').waitFor()
    await expect(
      openTool(server, { user: 'bi', token: 'x', applicationName: SCRIPT }),
    ).rejects.toThrow('password authentication failed')
    await page.getByText('Refused from').waitFor()
    await page.getByText(`as ${SCRIPT}`).waitFor()
    await tool.end()
  })

  test('names that would be markup or paths are refused, and in the address are text', async () => {
    for (const [path, data] of [
      ['/api/v1/roles', { name: SCRIPT }],
      ['/api/v1/roles', { name: '../x' }],
      ['/api/v1/clients', { name: SCRIPT, role: 'readers' }],
      ['/api/v1/clients', { name: 'a/../b', role: 'readers' }],
      ['/api/v1/clients', { name: 'bi2', role: 'readers', label: 'line\r\nSet-Cookie: x=1' }],
    ] as const) {
      const headers = { 'X-Bluegate-Console': '1' }
      const answer = await profile.request.post(path, { headers, data })
      expect([path, data.name, answer.status()]).toEqual([path, data.name, 400])
    }
    await open(`/settings/access-tokens?search=${encodeURIComponent(SCRIPT)}`, 'Tableau', false)
    await open(`/settings/roles/${encodeURIComponent(SCRIPT)}`, SCRIPT)
    await open(`/settings/audit?who=${encodeURIComponent(SCRIPT)}`, 'Audit', false)
  })

  test('a link in the address leads nowhere else after the sign-in', async () => {
    const stranger = await openProfile(browser, server.url)
    const theirs = pageIncidents(stranger)
    const other = await stranger.newPage()
    const asked: string[] = []
    other.on('request', (request) => {
      if (!request.url().startsWith(server.url)) asked.push(request.url())
    })
    for (const next of [
      '//evil.example/',
      'https://evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
    ]) {
      await other.goto(`/sign-in?next=${encodeURIComponent(next)}`)
      await other.getByLabel('User name').fill(ADMINISTRATOR.name)
      await other.getByLabel('Password', { exact: true }).fill(ADMINISTRATOR.password)
      await other.getByRole('button', { name: 'Sign in' }).click()
      await expect.poll(() => statusOf(stranger, 'GET', '/api/v1/me')).toBe(200)
      await other.getByLabel('User name').waitFor({ state: 'detached' })
      expect(new URL(other.url()).origin).toBe(server.url)
      await stranger.clearCookies()
    }
    expect(asked).toEqual([])
    expect(theirs.filter((incident) => incident.startsWith('dialog'))).toEqual([])
    await other.goto('/sign-in?next=/settings/roles')
    await other.getByLabel('User name').fill(ADMINISTRATOR.name)
    await other.getByLabel('Password', { exact: true }).fill(ADMINISTRATOR.password)
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByRole('heading', { name: 'Roles', level: 1 }).waitFor()
    await stranger.close()
  })
})

describe('another site', () => {
  test('can change nothing: neither by a form nor by a script', async () => {
    const before = await clients()
    const hostile = await profile.newPage()
    const sent: Promise<Answer>[] = []
    hostile.on('response', (response) => sent.push(read(response)))
    await hostile.goto(hostileUrl)
    await hostile.getByText('fetch: TypeError').waitFor()
    await Promise.all([
      hostile.waitForURL(`${server.url}/**`),
      hostile.getByRole('button', { name: 'Win a prize' }).click(),
    ])
    const forged = (await Promise.all(sent)).filter(({ path }) => path.startsWith('/api/'))
    expect(forged.map(({ status }) => status)).toContain(403)
    expect(forged.filter(({ status }) => status < 400)).toEqual([])
    await hostile.close()
    expect(await clients()).toEqual(before)
  })

  test('not even with the cookie: the header of the console and its origin are asked for', async () => {
    const path = '/api/v1/clients/bi/disable'
    const plain = await profile.request.post(path)
    expect(plain.status()).toBe(403)
    const foreign = await profile.request.post(path, {
      headers: { 'X-Bluegate-Console': '1', Origin: 'https://evil.example' },
    })
    expect(foreign.status()).toBe(403)
    const own = await profile.request.post(path, {
      headers: { 'X-Bluegate-Console': '1', Origin: server.url },
    })
    expect(own.status()).toBe(200)
    await profile.request.post('/api/v1/clients/bi/enable', {
      headers: { 'X-Bluegate-Console': '1' },
    })
  })

  test('cannot show the console in a frame', async () => {
    const hostile = await profile.newPage()
    await hostile.goto(`${hostileUrl}/frame`)
    await expect.poll(() => hostile.frames().length).toBe(2)
    const [, framed] = hostile.frames()
    await expect.poll(() => framed?.url()).toMatch(/^chrome-error:/)
    await hostile.close()
  })
})

describe('the session', () => {
  test('lives in a cookie that no script and no other site gets', async () => {
    const cookies = await profile.cookies()
    expect(cookies).toMatchObject([
      { name: '__Host-bluegate', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
    ])
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(
      await page.evaluate('Object.keys(localStorage).concat(Object.keys(sessionStorage)).join()'),
    ).not.toMatch(/token|session|password/i)
  })

  test('gets another id with every proof of the password, and the old one is worth nothing', async () => {
    const planted = await openProfile(browser, server.url)
    incidents.push(pageIncidents(planted))
    const chosen = 'A'.repeat(43)
    await planted.addCookies([
      {
        name: '__Host-bluegate',
        value: chosen,
        url: server.url,
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
      },
    ])
    const other = await planted.newPage()
    await signIn(other, ADMINISTRATOR)
    const [cookie] = await planted.cookies()
    expect(cookie?.value).not.toBe(chosen)
    const old = cookie?.value ?? ''
    const proven = await planted.request.post('/api/v1/prove-password', {
      headers: { 'X-Bluegate-Console': '1' },
      data: { password: ADMINISTRATOR.password },
    })
    expect(proven.status()).toBe(200)
    const [fresh] = await planted.cookies()
    expect(fresh?.value).not.toBe(old)
    expect(await statusWith(old)).toBe(401)
    expect(await statusWith(fresh?.value ?? '')).toBe(200)
    expect(await statusWith(chosen)).toBe(401)
    await planted.close()
  })

  test('ends with Sign out: in every window, and what was shown is gone', async () => {
    const [cookie] = await profile.cookies()
    await page.goto('/settings/access-tokens')
    await page.getByRole('link', { name: 'bi', exact: true }).waitFor()
    await choose(page, `User menu: ${ADMINISTRATOR.name}`, 'Sign out')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await statusWith(cookie?.value ?? '')).toBe(401)
    expect(await statusOf(profile, 'GET', '/api/v1/clients')).toBe(401)
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.getByRole('link', { name: 'bi', exact: true }).count()).toBe(0)
    await lookAt(page, SUITE, 'signed-out')
    await signIn(page, ADMINISTRATOR)
  })
})

describe('secrets', () => {
  test('a token is shown, replaced and put into the lines on request', async () => {
    await page.goto('/settings/access-tokens/bi/connect')
    await page.getByText('YOUR-ACCESS-TOKEN').first().waitFor()
    await page.getByRole('button', { name: 'Insert token' }).click()
    await page.getByRole('button', { name: 'Take the token out' }).waitFor()
    await lookAt(page, SUITE, 'token-inserted')
    await page.getByRole('button', { name: 'Take the token out' }).click()
    expect(await page.getByText(tokens[0] ?? '').count()).toBe(0)
    await choose(page, 'Actions of bi', 'Regenerate Access Token')
    const dialog = dialogOf(page, 'Regenerate the access token of bi')
    await dialog.getByRole('button', { name: 'Regenerate Access Token' }).click()
    const shown = dialogOf(page, 'Access token of bi')
    tokens.push(await shown.getByLabel('Access token', { exact: true }).inputValue())
    await shown.getByRole('button', { name: 'Done' }).click()
    await choose(page, 'Actions of bi', 'Disable')
    await dialogOf(page, 'Disable bi').getByRole('button', { name: 'Disable', exact: true }).click()
    await expectSaid(page, 'bi is cut off.')
    await open('/settings/audit', 'token')
  })

  test('downloads have names that no text of a stranger is part of', async () => {
    const ca = await profile.request.get('/api/v1/ca.crt')
    expect(ca.headers()['content-disposition']).toBe('attachment; filename="bluegate-ca.crt"')
    const filter = JSON.stringify({ usernames: ['x"\r\nSet-Cookie: a=b'] })
    const query = new URLSearchParams({ format: 'csv', filter })
    const csv = await profile.request.get(`/api/v1/audit/export?${query.toString()}`)
    expect(csv.headers()['content-disposition']).toMatch(
      /^attachment; filename="bluegate-audit-[0-9TZ]+\.csv"$/,
    )
    expect(csv.headers()['set-cookie']).toBeUndefined()
    expect(csv.headers()['x-content-type-options']).toBe('nosniff')
    for (const path of ['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/assets/..%5c..%5cx']) {
      const answer = await profile.request.get(path)
      expect(await answer.text()).not.toContain('"workspaces"')
    }
  })

  test('no answer of this run held a token but those that must, and none may be stored', async () => {
    const all = await Promise.all(answers)
    expect(all.length).toBeGreaterThan(50)
    const holding = all.filter(({ body }) => tokens.some((token) => body.includes(token)))
    expect(holding.length).toBeGreaterThanOrEqual(2)
    expect(holding.filter(({ call }) => !HOLDS_TOKEN.test(call)).map(({ call }) => call)).toEqual(
      [],
    )
    const api = all.filter(({ path }) => path.startsWith('/api/'))
    const storable = api.filter(({ headers }) => headers['cache-control'] !== 'no-store')
    expect(storable.map(({ call }) => call)).toEqual([])
    const secrets = [...tokens, ADMINISTRATOR.password]
    expect(all.filter(({ path }) => secrets.some((secret) => path.includes(secret)))).toEqual([])
    const printed = server.printed()
    expect(secrets.filter((secret) => printed.includes(secret))).toEqual([])
  })
})

test('no script of a stranger ran, no dialog opened, the policy of no page was broken', () => {
  const all = incidents.flat()
  const wanted = all.filter((one) => /blocked by CORS policy|frame-ancestors 'none'/.test(one))
  expect(wanted).toHaveLength(2) // what the hostile pages were told
  expect(all.filter((one) => !wanted.includes(one))).toEqual([])
})

async function read(response: Response): Promise<Answer> {
  const { pathname, search } = new URL(response.url())
  const streams = response.headers()['content-type']?.startsWith('text/event-stream') === true
  return {
    call: `${response.request().method()} ${pathname}`,
    path: pathname + search,
    status: response.status(),
    headers: response.headers(),
    body: streams ? '' : await response.text().catch(() => ''), // of a page that is gone
  }
}

/** Opens a page and waits for a text on it; whatever of it a stranger chose stays a text. */
async function open(path: string, text: string, isWaitedFor = true): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  if (isWaitedFor) await page.getByText(text).first().waitFor()
  expect(await page.locator('img[src=x]').count()).toBe(0)
}

async function clients(): Promise<unknown> {
  return (await profile.request.get('/api/v1/clients')).json()
}

async function statusWith(cookie: string): Promise<number> {
  const bare = await browser.newContext({ baseURL: server.url, ignoreHTTPSErrors: true })
  const headers = { Cookie: `__Host-bluegate=${cookie}` }
  const answer = await bare.request.get('/api/v1/me', { headers })
  await bare.close()
  return answer.status()
}

function forging(target: string): string {
  const act = `${target}/api/v1/clients/bi/disable`
  return `<form method="post" action="${act}" enctype="text/plain">
    <input name='{"x":"' value='"}'><button>Win a prize</button></form><p></p>
    <script>
      fetch('${act}', { method: 'POST', credentials: 'include', headers: { 'X-Bluegate-Console': '1' } })
        .then((answer) => 'fetch: ' + answer.status, (error) => 'fetch: ' + error.name)
        .then((text) => { document.querySelector('p').textContent = text })
    </script>`
}

function framing(target: string): string {
  return `<iframe src="${target}/settings/access-tokens" width="900" height="700"></iframe>`
}
