/** npm run docs: writes the table of settings in docs/configuration.md anew, from the code. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { settingsTable } from '../src/server/config/settings-table.ts'

const manual = new URL('../docs/configuration.md', import.meta.url)
const [before, , after] = readFileSync(manual, 'utf8').split(/<!-- (?:begin|end) of the table -->/)
const table = `<!-- begin of the table -->\n\n${settingsTable()}\n\n<!-- end of the table -->`
writeFileSync(manual, `${before}${table}${after}`)
spawnSync('prettier', ['--write', manual.pathname], { stdio: 'inherit' })
