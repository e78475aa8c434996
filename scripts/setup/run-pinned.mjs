/** Runs one command on the pinned Node.js, hands signals down, and ends as it ended. */
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import * as module from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { BIN, MODULES, pinnedEnvironment, pinnedNode } from './pinned-node.mjs'

/**
 * `command` is a script (`.mjs`, `.ts`), run by the pinned node, or the name of an installed tool.
 * Never returns: the process ends with the command's exit code.
 */
export async function runPinned(command, args) {
  const isScript = /\.(mjs|ts)$/.test(command)
  const tool = path.join(BIN, process.platform === 'win32' ? `${command}.cmd` : command)
  const [file, allArgs] = isScript
    ? [pinnedNode(), [command, ...args]]
    : [existsSync(tool) ? tool : command, args]
  const child = spawn(file, allArgs, {
    stdio: 'inherit',
    env: pinnedEnvironment(),
    shell: !isScript && process.platform === 'win32', // a .cmd file needs one
  })

  // Ctrl-C reaches the whole group, so the child has it already: only outlive it. Others are sent
  // to us alone.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))

  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`${file}: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', (exit, signal) =>
      resolve(exit ?? 128 + (os.constants.signals[signal ?? 'SIGTERM'] ?? 15)),
    )
  })
  process.exit(code)
}

/**
 * Runs one of our own scripts: in this process when it is the pinned Node.js already, which is one
 * process less to wait for and to send signals to.
 */
export async function runScript(script, args) {
  if (realpathSync(process.execPath) !== realpathSync(pinnedNode())) await runPinned(script, args)
  process.argv.splice(1, process.argv.length, script, ...args)
  module.enableCompileCache(path.join(MODULES, '.cache', 'compile')) // halves the time to load
  await import(pathToFileURL(script).href)
}
