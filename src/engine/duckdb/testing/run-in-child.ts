/** For tests of what may kill the process: code with `connection` and `database` in scope. */
import { spawnSync } from 'node:child_process'

export interface ChildOutcome {
  /** What the code printed. */
  readonly output: string
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

const CHILD_MS_MAX = 25_000

export function runInChild(code: string): ChildOutcome {
  const helper = JSON.stringify(new URL('./test-database.ts', import.meta.url).href)
  const { stdout, status, signal } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { openTestDatabase, openTestConnection } from ${helper}
      const database = openTestDatabase({ max_memory: '64MB', max_expression_depth: '250' })
      const connection = database.connection
      const attempt = (sql) => {
        try { connection.execute(sql); return 'ok' } catch (error) { return error.kind }
      }
      ${code}`,
    ],
    { encoding: 'utf8', timeout: CHILD_MS_MAX, stdio: ['ignore', 'pipe', 'ignore'], env: {} },
  )
  return { output: stdout, exitCode: status, signal }
}
