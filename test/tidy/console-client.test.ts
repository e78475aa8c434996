import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { generateConsoleClient } from '../../scripts/generate-console-client.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const fresh = mkdtempSync(path.join(os.tmpdir(), 'bluegate-console-client-'))

afterAll(() => rmSync(fresh, { recursive: true }))

function filesIn(directory: string): Record<string, string> {
  const names = globSync('**/*.ts', { cwd: directory }).toSorted()
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(path.join(directory, name), 'utf8')]),
  )
}

test("the console's client is the one that the description of the API gives: npm run docs", async () => {
  await generateConsoleClient(path.join(ROOT, 'docs/openapi.json'), fresh)
  const written = filesIn(path.join(ROOT, 'console/src/api/generated'))
  expect(Object.keys(written)).toContain('sdk.gen.ts')
  expect(written).toEqual(filesIn(fresh))
})
