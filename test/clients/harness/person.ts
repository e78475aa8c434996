/** What people do in the console again and again: sign in, choose an act of a row, fill a dialog. */
import { expect } from 'vitest'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { present } from '../../../src/base/assert.ts'

export interface Person {
  readonly name: string
  readonly password: string
}

export const ADMINISTRATOR: Person = {
  name: 'admin@example.com',
  password: 'seven quiet lanterns',
}

/** Opens a one-time link and chooses the password; ends on the first page of this person. */
export async function useOneTimeLink(
  context: BrowserContext,
  link: string | undefined,
  person: Person,
): Promise<Page> {
  const page = await context.newPage()
  await page.goto(present(link, 'there is a one-time link'))
  const name = page.getByLabel('User name')
  await name.waitFor()
  if (await name.isEditable()) await name.fill(person.name)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByLabel('Repeat the password').fill(person.password)
  await page.getByRole('button', { name: /^(Create administrator|Set password)/ }).click()
  await page.getByRole('button', { name: `User menu: ${person.name}` }).waitFor()
  return page
}

export async function signIn(page: Page, { name, password }: Person): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: `User menu: ${name}` }).waitFor()
}

/** An entry of the menu of a row or of a page: `choose(page, 'Actions of bi', 'Disable')`. */
export async function choose(page: Page, menu: string, act: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click()
  await page.getByRole('menuitem', { name: act, exact: true }).click()
}

/** A field with a list below it, in which the answer is searched and then chosen. */
export async function pick(within: Page | Locator, label: string, answer: string): Promise<void> {
  const field = within.getByRole('combobox', { name: label })
  await field.click()
  await field.fill(answer)
  const page = 'page' in within ? within.page() : within
  await page.getByRole('option', { name: answer, exact: true }).click()
}

export function dialogOf(page: Page, title: string): Locator {
  return page.getByRole('dialog', { name: title, exact: true })
}

/** The word in the corner about what was done; taken away, so that the next one is another. */
export async function expectSaid(page: Page, message: string): Promise<void> {
  const said = page.getByRole('alert').filter({ hasText: message })
  await said.waitFor()
  await said.getByRole('button', { name: 'Dismiss' }).click()
  await expect.poll(() => said.count()).toBe(0)
}

/** Can be pressed as the page is now, without scrolling anything. */
export async function expectInSight(what: Locator): Promise<void> {
  await expect.poll(() => isInSight(what)).toBe(true)
}

/** What is at its middle is the element itself, or inside it. */
async function isInSight(what: Locator): Promise<boolean> {
  const { x, y, width, height } = present(await what.boundingBox(), 'it is on the page')
  const middle = `${x + width / 2}, ${y + height / 2}`
  const there = await what.page().evaluateHandle(`document.elementFromPoint(${middle})`)
  return await what.evaluate((element, found) => element.contains(found), there.asElement())
}

/** A field is marked as wrong and says these words. */
export async function expectFieldError(field: Locator, words: string): Promise<void> {
  await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
  await expect
    .poll(async () => {
      const ids = (await field.getAttribute('aria-describedby')) ?? ''
      const described = ids.split(/\s+/).filter((id) => id !== '')
      const texts = described.map((id) => field.page().locator(`[id="${id}"]`).innerText())
      return (await Promise.all(texts)).join('\n')
    })
    .toContain(words)
}
