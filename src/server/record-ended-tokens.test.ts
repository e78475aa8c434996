import { expect, test } from 'vitest'
import type { AuditEvent } from '../audit/audit-event.ts'
import { Emitter } from '../base/emitter.ts'
import { silentLog } from '../base/log.ts'
import type { IdentityChange } from '../identity/identity.ts'
import { recordEndedTokens } from './record-ended-tokens.ts'

test('a token that ends by the clock is on record with its reason; other changes are not', () => {
  const changes = new Emitter<IdentityChange>()
  const events: AuditEvent[] = []
  const append = async (event: AuditEvent): Promise<void> => void events.push(event)
  const stop = recordEndedTokens({ changes, clientWithId: () => undefined }, { append }, silentLog)
  changes.emit({ kind: 'grants_changed', grantsVersion: 2 })
  changes.emit({ kind: 'token_ended', clientId: 'c1', tokenId: 't1', reason: 'expired' })
  expect(events).toMatchObject([{ action: 'token_ended', tokenId: 't1', details: 'expired' }])

  stop()
  changes.emit({ kind: 'token_ended', clientId: 'c1', tokenId: 't2', reason: 'expired' })
  expect(events).toHaveLength(1)
})
