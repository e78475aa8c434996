/** npm run docs: writes the console's client anew, from docs/openapi.json. */
import { fileURLToPath } from 'node:url'
import { generateConsoleClient } from './generate-console-client.ts'

const inRepository = (place) => fileURLToPath(new URL(`../${place}`, import.meta.url))

await generateConsoleClient(
  inRepository('docs/openapi.json'),
  inRepository('console/src/api/generated'),
)
