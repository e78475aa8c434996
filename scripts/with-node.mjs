#!/usr/bin/env node
/** with-node.mjs COMMAND [ARGS…]: installs what is missing, then runs COMMAND on the pinned node. */
import { ensureInstalled } from './setup/ensure-installed.mjs'
import { runPinned } from './setup/run-pinned.mjs'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) {
  process.stderr.write('usage: node scripts/with-node.mjs COMMAND [ARGS…]\n')
  process.exit(2)
}
await ensureInstalled()
await runPinned(command, args)
