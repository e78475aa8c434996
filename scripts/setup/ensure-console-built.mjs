/**
 * Builds the console into console/dist when its sources are not those that were built; else does nothing.
 *
 * Compared by content, noted in dist beside what was built, so a checkout that only touches times
 * builds nothing. Looking costs some milliseconds and loads no part of the bundler. A build goes to a
 * directory of its own first: what is served is always one whole console, never half of two.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { MODULES, pinnedEnvironment, pinnedNode, ROOT } from './pinned-node.mjs'

const CONSOLE = path.join(ROOT, 'console')
const DIST = path.join(CONSOLE, 'dist')
const NOTE = '.built-from'

export async function ensureConsoleBuilt() {
  const sources = hashOfSources()
  if (isBuiltFrom(sources)) return
  const started = Date.now()
  say('Building the console (once, and when its sources change) …')
  const next = path.join(CONSOLE, `.dist-${process.pid}`)
  const { code, output } = await build(next)
  if (code !== 0) {
    rmSync(next, { recursive: true, force: true })
    process.stderr.write(output)
    say('Building the console failed; what the bundler said stands above.')
    process.exit(1)
  }
  writeFileSync(path.join(next, NOTE), `${sources}\n`)
  replaceDist(next)
  say(`Built the console in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
}

function isBuiltFrom(sources) {
  const note = path.join(DIST, NOTE)
  return existsSync(note) && readFileSync(note, 'utf8').trim() === sources
}

/** Of everything that goes into the build; the lockfile stands for the libraries. */
function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of [...filesIn(CONSOLE), path.join(ROOT, 'package-lock.json')]) {
    const content = readFileSync(file)
    hash.update(`${path.relative(ROOT, file).replaceAll(path.sep, '/')} ${content.length}\n`)
    hash.update(content)
  }
  return hash.digest('hex')
}

function filesIn(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !/^\.?dist/.test(name))
    .filter(({ name }) => !name.endsWith('.test.ts'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const place = path.join(directory, entry.name)
      if (entry.isDirectory()) return filesIn(place)
      return entry.isFile() ? [place] : []
    })
}

/** Resolves with the bundler's exit code and output. */
function build(outDir) {
  const vite = path.join(MODULES, 'vite/bin/vite.js')
  const args = [vite, 'build', '--outDir', outDir, '--logLevel', 'warn', '--emptyOutDir']
  return new Promise((resolve) => {
    const child = spawn(pinnedNode(), args, {
      cwd: CONSOLE,
      env: { ...pinnedEnvironment(), NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (bytes) => (output += bytes))
    child.stderr.on('data', (bytes) => (output += bytes))
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Two starts at once both build; whoever comes last replaces the same with the same. */
function replaceDist(next) {
  const old = path.join(CONSOLE, `.dist-old-${process.pid}`)
  if (existsSync(DIST)) renameSync(DIST, old)
  renameSync(next, DIST)
  rmSync(old, { recursive: true, force: true })
}

function say(line) {
  process.stderr.write(`${line}\n`)
}
