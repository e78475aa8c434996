/** What must not happen on any page: a dialog of the browser, a script error, a breach of its policy. */
import type { BrowserContext } from 'playwright-core'

/** A list that grows while the profile is used. Call it before the first page is opened. */
export function pageIncidents(context: BrowserContext): readonly string[] {
  const incidents: string[] = []
  context.on('weberror', (error) => incidents.push(`script error: ${error.error().message}`))
  context.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('console', (message) => {
    const text = message.text()
    const isAnswer = text.startsWith('Failed to load resource') // of a refusal that a test wants
    if (message.type() === 'error' && !isAnswer) incidents.push(`console: ${text}`)
  })
  return incidents
}
