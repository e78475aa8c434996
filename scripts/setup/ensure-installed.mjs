/**
 * Installs the dependencies when they are not what package-lock.json asks for; else does nothing.
 *
 * Installed is what npm itself noted in node_modules/.package-lock.json, compared by content, so a
 * checkout that only touches times installs nothing. Install scripts are off: no dependency needs
 * one, and npm 12 blocks them, so npm 11 and npm 12 do the same. All output goes to stderr.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { holdInstallLock } from './install-lock.mjs'
import { hasPinnedNode, MODULES, ROOT } from './pinned-node.mjs'

export async function ensureInstalled() {
  if (isInstalled()) return
  const release = await holdInstallLock()
  try {
    if (isInstalled()) return // whoever held the lock before has done it
    await install()
  } finally {
    release()
  }
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

function isInstalled() {
  const note = path.join(MODULES, '.package-lock.json')
  if (!existsSync(note) || !hasPinnedNode()) return false
  const installed = packagesOf(note)
  const wanted = Object.entries(packagesOf(path.join(ROOT, 'package-lock.json')))
  return wanted.every(([place, { version, optional }]) => {
    if (place === '') return true
    const found = installed[place]
    return found === undefined ? optional === true : found.version === version
  })
}

async function install() {
  const started = Date.now()
  say('Installing dependencies (about 450 MB, once) …')
  const progress = reportProgress()
  const { code, output } = await npmCi()
  progress.stop()
  if (code !== 0 || !isInstalled()) {
    process.stderr.write(output)
    say('Installing the dependencies failed; what npm said stands above.')
    say('Check that this machine reaches the npm registry, then run the same command again.')
    process.exit(1)
  }
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
}

/** Runs the npm that started us, or the one in PATH. Resolves with its exit code and its output. */
function npmCi() {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const own = process.env.npm_execpath
  const useOwn = own !== undefined && /npm-cli\.[cm]?js$/.test(own)
  const [command, allArgs] = useOwn ? [process.execPath, [own, ...args]] : ['npm', args]
  return new Promise((resolve) => {
    const child = spawn(command, allArgs, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !useOwn && process.platform === 'win32', // npm is npm.cmd there
    })
    let output = ''
    child.stdout.on('data', (bytes) => (output += bytes))
    child.stderr.on('data', (bytes) => (output += bytes))
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** npm shows nothing to a pipe, so we count what has arrived: a line every few seconds. */
function reportProgress() {
  const lock = Object.values(packagesOf(path.join(ROOT, 'package-lock.json')))
  const expected = lock.filter((entry) => entry.optional !== true).length
  const everyMs = process.stderr.isTTY ? 500 : 5_000
  const timer = setInterval(() => {
    const percent = Math.min(99, Math.round((100 * countPackages()) / expected))
    const line = `  … ${percent} % of the packages are here`
    process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`)
  }, everyMs)
  return {
    stop() {
      clearInterval(timer)
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    },
  }
}

function countPackages() {
  if (!existsSync(MODULES)) return 0
  return readdirSync(MODULES)
    .map((name) => (name.startsWith('@') ? readdirSync(path.join(MODULES, name)).length : 1))
    .reduce((sum, count) => sum + count, 0)
}

function say(line) {
  process.stderr.write(`${line}\n`)
}
