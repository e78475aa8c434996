#!/usr/bin/env node
/** npm start [-- FLAGS…]: from a fresh clone to a running gateway with sample data. */
import path from 'node:path'
import { endWithNpm } from './setup/end-with-npm.mjs'
import { ensureConsoleBuilt } from './setup/ensure-console-built.mjs'
import { ensureInstalled } from './setup/ensure-installed.mjs'
import { ROOT } from './setup/pinned-node.mjs'
import { runScript } from './setup/run-pinned.mjs'

await ensureInstalled()
await ensureConsoleBuilt()
endWithNpm()
await runScript(path.join(ROOT, 'src/server/main.ts'), ['serve', ...process.argv.slice(2)])
