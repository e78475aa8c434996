#!/usr/bin/env node
/** The command line: bluegate.mjs ARGS…. Nothing but its own output on stdout. */
import path from 'node:path'
import { endWithNpm } from './setup/end-with-npm.mjs'
import { ensureInstalled } from './setup/ensure-installed.mjs'
import { ROOT } from './setup/pinned-node.mjs'
import { runScript } from './setup/run-pinned.mjs'

await ensureInstalled()
endWithNpm()
await runScript(path.join(ROOT, 'src/server/main.ts'), process.argv.slice(2))
