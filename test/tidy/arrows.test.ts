import { spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Report {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: { readonly violations: readonly { readonly rule: { readonly name: string } }[] }
}

/** `npm run check` runs the same command with another output. */
function cruise(root: string): Report {
  const { stdout } = spawnSync(
    `${ROOT}node_modules/.bin/depcruise`,
    ['--config', '.dependency-cruiser.cjs', '--output-type=json', 'src'],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 ** 2 },
  )
  return JSON.parse(stdout) as Report
}

let planted: string
beforeEach(() => (planted = mkdtempSync(path.join(os.tmpdir(), 'bluegate-arrows-'))))
afterEach(() => rmSync(planted, { recursive: true }))

/** A tree of two rooms under our own rules, in which one file imports the other. */
function plant(from: string, to: string): string[] {
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) {
    copyFileSync(`${ROOT}${file}`, path.join(planted, file))
  }
  for (const room of [from, to]) mkdirSync(path.join(planted, 'src', room), { recursive: true })
  const importing = `import type { B } from '../${to}/b.ts'\nexport type A = B\n`
  writeFileSync(path.join(planted, 'src', from, 'a.ts'), importing)
  writeFileSync(path.join(planted, 'src', to, 'b.ts'), 'export type B = string\n')
  return cruise(planted).summary.violations.map(({ rule }) => rule.name)
}

test('the arrow checker sees every source file', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT })
  const seen = new Set(cruise(ROOT).modules.map(({ source }) => source))
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter((file) => !seen.has(file))).toEqual([])
})

test('an import against the arrows is found, of a type alone too', () => {
  expect(plant('columnar', 'engine')).toContain('room-columnar')
})

test('an import along the arrows is fine', () => {
  expect(plant('engine', 'columnar')).toEqual([])
})
