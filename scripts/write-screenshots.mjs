/**
 * npm run screenshots: the pictures of the administrator's manual, from those that the console's
 * suites took last. Run the suites first: npx vitest run --project clients test/clients/console
 */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './setup/pinned-node.mjs'

const FROM = path.join(ROOT, '.cache/screenshots')
const TO = path.join(ROOT, 'docs/images')
const BYTES_MAX = 150_000

/** Name in the manual, and suite and name of the picture. */
const PICTURES = {
  welcome: 'first-connection/welcome',
  'create-new-client': 'first-connection/create-new-client',
  'access-token': 'first-connection/token',
  connected: 'first-connection/connected',
  refused: 'first-connection/refused',
  grants: 'first-connection/grants-pending',
  disable: 'access-tokens/disable',
  audit: 'sessions-and-audit/audit',
}

mkdirSync(TO, { recursive: true })
for (const [name, picture] of Object.entries(PICTURES)) {
  const file = path.join(FROM, `${picture}-1280-light.png`)
  if (!existsSync(file)) end(`${picture}: no such picture; run the suite that takes it`)
  const { size } = statSync(file)
  if (size > BYTES_MAX) end(`${picture}: ${size} bytes are more than ${BYTES_MAX}`)
  copyFileSync(file, path.join(TO, `${name}.png`))
  console.log(`docs/images/${name}.png  ${Math.ceil(size / 1000)} kB`)
}

function end(why) {
  console.error(why)
  process.exit(1)
}
