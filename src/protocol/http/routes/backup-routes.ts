/**
 * /api/v1/backups: a backup of the running gateway.
 *
 * The answer is one JSON value a line: `{"progress":…}` now and then, and at the end `{"end":…}` or
 * `{"error":…}`. Who goes away meanwhile ends the backup. A backup holds all data, so it needs
 * SUPERUSER besides, and is on record before it begins.
 */
import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { GatewayError, toGatewayError } from '../../../base/gateway-error.ts'
import type { ApiParts } from '../api-parts.ts'
import type { BackupProgress } from '../backup-port.ts'
import type { Caller } from '../caller.ts'
import { NDJSON_TYPE, ndjsonLine, ndjsonOf } from '../ndjson.ts'
import { toProblem } from '../problem.ts'
import { recordAct } from '../record-act.ts'
import { requireSuperuser } from '../require-superuser.ts'
import { callerOf } from '../route-needs.ts'
import { BACKUP_LINE, NEW_BACKUP } from '../schemas/operations-schemas.ts'

const PROGRESS_MS_MIN = 100

export function backupRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.post<{ Body: Static<typeof NEW_BACKUP.schema> }>(
    '/api/v1/backups',
    {
      config: { needs: 'clusterAdmin' },
      schema: {
        operationId: 'takeBackup',
        tags: ['Operations'],
        summary: 'Takes a backup into a file; for the local administrator, and SUPERUSER.',
        body: NEW_BACKUP.ref,
        response: { 200: ndjsonOf(BACKUP_LINE.ref) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      requireSuperuser(parts.identity, caller, 'a backup holds all data')
      if (caller.door !== 'local') {
        throw new GatewayError('feature_not_supported', 'a backup is taken on the machine itself', {
          hint: 'Run bluegate backup FILE there.',
        })
      }
      const { file } = request.body
      const begun = { category: 'SYSTEM', action: 'backup_started', details: file } as const
      await recordAct(parts, caller, begun, () => undefined)
      const cancel = new AbortController()
      reply.raw.on('close', () => cancel.abort()) // also after the end, when it has no effect
      const lines = new PassThrough()
      void run(parts, caller, file, lines, cancel.signal)
      return await reply.type(NDJSON_TYPE).send(lines)
    },
  )
}

async function run(
  parts: ApiParts,
  caller: Caller,
  file: string,
  lines: PassThrough,
  signal: AbortSignal,
): Promise<void> {
  let lastAt = 0
  const onProgress = (progress: BackupProgress): void => {
    const now = performance.now()
    if (now - lastAt < PROGRESS_MS_MIN && progress.done < progress.total) return
    lastAt = now
    if (!signal.aborted) lines.write(ndjsonLine({ progress }))
  }
  const act = { category: 'SYSTEM', action: 'backup_taken', details: file } as const
  try {
    const result = await recordAct(parts, caller, act, () =>
      parts.operations.backups.take(file, onProgress, signal),
    )
    lines.end(ndjsonLine({ end: result }))
  } catch (thrown) {
    const error = toGatewayError(thrown)
    if (error.kind === 'internal') parts.log.error({ error: error.cause }, 'a backup failed')
    lines.end(ndjsonLine({ error: toProblem(error) }))
  }
}
