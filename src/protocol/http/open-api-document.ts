/** The API's description as the manual has it, without a gateway that runs. */
import { MemoryAuditLog } from '../../audit/memory-audit-log.ts'
import { apiPartsForTests } from './api-parts-for-tests.ts'
import { buildApi } from './build-api.ts'

/** JSON, laid out for people and for diffs. */
export async function openApiDocument(): Promise<string> {
  const app = buildApi(await apiPartsForTests(new MemoryAuditLog()), () => undefined)
  const { body } = await app.inject('/openapi.json')
  await app.close()
  return `${JSON.stringify(JSON.parse(body), undefined, 2)}\n`
}
