/** npm run docs: writes the tables of docs/blue-dialect.md anew, from the code. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { withDialectTables } from '../src/sql/blue/dialect-tables.ts'

const page = new URL('../docs/blue-dialect.md', import.meta.url)
writeFileSync(page, withDialectTables(readFileSync(page, 'utf8')))
spawnSync('prettier', ['--write', page.pathname], { stdio: 'inherit' })
