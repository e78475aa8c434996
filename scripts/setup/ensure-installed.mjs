/**
 * Installs the dependencies when they are not what package-lock.json asks for; else does nothing.
 *
 * Installed is what npm itself noted in node_modules/.package-lock.json, compared by content, so a
 * checkout that only touches times installs nothing. Install scripts are off: no dependency needs
 * one, and npm 12 blocks them, so npm 11 and npm 12 do the same. All output goes to stderr.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { holdLock } from './hold-lock.mjs'
import { hasPinnedNode, MODULES, ROOT } from './pinned-node.mjs'

export async function ensureInstalled() {
  if (isInstalled()) return
  const release = holdLock(path.join(ROOT, '.install.lock'), (holder) =>
    say(`Process ${holder} is installing the dependencies; waiting for it …`),
  )
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
  say('Installing dependencies (about 700 MB, once) …')
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

/**
 * npm shows nothing to a pipe, so we look ourselves: npm makes all directories first, and a
 * package's package.json arrives with its content.
 */
function reportProgress() {
  const places = Object.entries(packagesOf(path.join(ROOT, 'package-lock.json')))
    .filter(([place, entry]) => place !== '' && entry.optional !== true)
    .map(([place]) => path.join(ROOT, place, 'package.json'))
  const isTerminal = process.stderr.isTTY
  let shown = -1
  const timer = setInterval(
    () => {
      const percent = Math.floor((100 * places.filter(existsSync).length) / places.length)
      if (percent === shown) return
      shown = percent
      const line = `  … ${percent} % of the packages are here`
      process.stderr.write(isTerminal ? `\r${line}` : `${line}\n`)
    },
    isTerminal ? 500 : 3_000,
  )
  return {
    stop() {
      clearInterval(timer)
      if (isTerminal) process.stderr.write('\r\x1b[K')
    },
  }
}

function say(line) {
  process.stderr.write(`${line}\n`)
}
