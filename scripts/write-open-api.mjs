/** npm run docs: writes docs/openapi.json anew, from the routes. */
import { writeFileSync } from 'node:fs'
import { openApiDocument } from '../src/protocol/http/open-api-document.ts'

const file = new URL('../docs/openapi.json', import.meta.url)
writeFileSync(file, await openApiDocument())
