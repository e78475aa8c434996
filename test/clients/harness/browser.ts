/**
 * A real Chromium, as a person uses it: pages are found by role and label, looked at in both themes
 * and both widths, and searched for what shuts people out.
 */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { installChromium } from '../setup/install-chromium.ts'

/** Pictures of the last run, to be looked at. */
const SCREENSHOTS = fileURLToPath(new URL('../../../.cache/screenshots/', import.meta.url))

export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

/** Without them Chromium asks for hosts of its maker at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

/** How far a page can be scrolled sideways: a scroll bar at its side does not count. */
const SIDEWAYS =
  'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)'

/** After them the page is as its theme and its width make it. */
const TWO_FRAMES =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))'

/** All rules in the light; a page differs from itself in the dark by its colours alone. */
const RULES = { light: undefined, dark: ['color-contrast'] } as const

export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: installChromium(),
    // as root, as suites run in containers, Chromium's own sandbox cannot be had
    args: [...QUIET, '--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
}

/**
 * A browser profile of its own. The private CA is not in the system's trust here: what a browser
 * says of the certificate is passed over, the connection is TLS all the same.
 */
export async function openProfile(browser: Browser, baseURL?: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...(baseURL === undefined ? {} : { baseURL }),
    viewport: DESKTOP,
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(15_000)
  return context
}

/** Empties what `lookAt` of one suite left behind. */
export function forgetPictures(suite: string): void {
  rmSync(path.join(SCREENSHOTS, suite), { recursive: true, force: true })
}

/**
 * Takes the page's picture in both themes and both widths, and lets axe look at each.
 *
 * @throws what axe calls serious or critical; a page that must be scrolled sideways.
 */
export async function lookAt(page: Page, suite: string, name: string): Promise<void> {
  const directory = path.join(SCREENSHOTS, suite)
  mkdirSync(directory, { recursive: true })
  for (const [width, viewport] of Object.entries({ 1280: DESKTOP, 390: PHONE })) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.evaluate(TWO_FRAMES)
      await page.screenshot({ path: path.join(directory, `${name}-${width}-${colorScheme}.png`) })
      await expectAccessible(page, `${name} at ${width}, ${colorScheme}`, RULES[colorScheme])
      const wider = await page.evaluate(SIDEWAYS)
      expect({ where: `${name} at ${width}`, wider }).toEqual({
        where: `${name} at ${width}`,
        wider: 0,
      })
    }
  }
  await page.setViewportSize(DESKTOP)
  await page.emulateMedia({ colorScheme: 'light' })
}

async function expectAccessible(
  page: Page,
  where: string,
  rules: readonly string[] | undefined,
): Promise<void> {
  const axe = new AxeBuilder({ page })
  if (rules) axe.withRules([...rules])
  const { violations } = await axe.analyze()
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ where, id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }))
  expect(serious).toEqual([])
}
