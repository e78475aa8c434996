/** SET, SHOW, RESET and what else drivers send at connect and when a pool takes a connection back. */
import { GatewayError } from '../base/gateway-error.ts'
import type { Schema } from '../columnar/column-type.ts'
import type { Identity } from '../identity/identity.ts'
import { poolIsUnknown } from '../identity/pool-book.ts'
import type { SessionStatement, SettingStatement } from '../sql/statement.ts'
import { answer, command } from './answer.ts'
import type { SessionContext } from './execution-context.ts'
import { notHere } from './not-here.ts'
import type { RunningStatement, StatementOptions } from './executor.ts'

const VARCHAR = { kind: 'varchar' } as const

export function runSettingStatement(
  { session, identity }: SessionContext,
  statement: Exclude<SettingStatement, { kind: 'use' }>,
  options: StatementOptions,
): RunningStatement {
  const { settings } = session
  switch (statement.kind) {
    case 'set': {
      if (statement.scope === 'local' && session.transactionStatus === 'idle') {
        const message = 'SET LOCAL can only be used in transaction blocks'
        return command('SET', [{ severity: 'WARNING', code: '25P01', message }])
      }
      if (statement.name === 'pool') existingPool(identity, statement.values?.[0] ?? '')
      const { notice } = settings.set(statement.name, statement.values, statement.scope)
      return command('SET', notice ? [{ severity: 'NOTICE', code: '00000', message: notice }] : [])
    }
    case 'show':
      return answer(
        columnsOfShow(session, statement.name),
        [rowsOfShow(session, statement.name)],
        'SHOW',
        options.format,
        options.rowsMax,
      )
    case 'reset':
      if (statement.name === 'all') settings.resetAll()
      else settings.reset(statement.name)
      return command('RESET')
    case 'use_pool':
      settings.set('pool', [existingPool(identity, statement.pool)], 'session')
      return command('USE')
  }
}

/** @throws GatewayError `undefined_object`. */
function existingPool({ findPool }: Pick<Identity, 'findPool'>, name: string): string {
  const pool = name === '' ? undefined : findPool(name)
  if (!pool && name !== '') throw poolIsUnknown(name)
  return pool?.name ?? ''
}

export function columnsOfShow({ settings }: SessionContext['session'], name: string): Schema {
  const names =
    name === 'all' ? ['name', 'setting', 'description'] : [settings.show(name).columnName]
  return names.map((column) => ({ name: column, type: VARCHAR }))
}

function rowsOfShow({ settings }: SessionContext['session'], name: string): readonly string[][] {
  return name === 'all'
    ? settings.showAll().map((one) => [one.name, one.value, one.description])
    : [[settings.show(name).value]]
}

/** The statements and portals that these name belong to the door, which drops them itself. */
export async function runSessionStatement(
  context: SessionContext,
  statement: SessionStatement,
): Promise<RunningStatement> {
  switch (statement.kind) {
    case 'discard':
      await discard(context, statement.what)
      return command(`DISCARD ${statement.what.toUpperCase()}`)
    case 'prepare':
      throw notHere('PREPARE', 'Statements are prepared')
    case 'deallocate':
      return command(statement.name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE')
    case 'close_cursor':
      if (statement.name === undefined) return command('CLOSE CURSOR ALL')
      throw new GatewayError('invalid_cursor_name', `cursor "${statement.name}" does not exist`)
    case 'listen':
      return command(statement.tag)
  }
}

/** @throws GatewayError `active_transaction`: neither can be undone. */
async function discard(
  { session, transaction, engineSession }: SessionContext,
  what: 'all' | 'plans' | 'sequences' | 'temp',
): Promise<void> {
  if (what !== 'all' && what !== 'temp') return
  if (transaction.kind !== 'none') {
    throw new GatewayError(
      'active_transaction',
      `DISCARD ${what.toUpperCase()} cannot run inside a transaction block`,
    )
  }
  await engineSession.discardTemporary()
  if (what === 'all') session.settings.resetAll()
}
