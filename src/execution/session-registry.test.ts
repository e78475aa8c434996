import { expect, test, vi } from 'vitest'
import { Emitter } from '../base/emitter.ts'
import { GatewayError } from '../base/gateway-error.ts'
import type { IdentityChange } from '../identity/identity.ts'
import { Session } from '../session/session.ts'
import type { SessionSettings } from '../session/session-settings.ts'
import { SessionRegistry } from './session-registry.ts'

function sessionOf(clientId: string) {
  const session = new Session({
    id: `session of ${clientId}`,
    principal: { kind: 'client', clientId, clientName: clientId, tokenId: 't', roleId: 'r' },
    origin: { door: 'postgres', address: '127.0.0.1', tool: 'test', tlsVersion: 'TLSv1.3' },
    settings: {} as SessionSettings,
    startedAt: new Date(),
  })
  return {
    session,
    recheck: vi.fn<() => void>(),
    close: vi.fn<() => Promise<void>>(async () => {}),
    busy: false,
    statements: [],
    locks: [],
    cancel: () => false,
  }
}

function setup(sessionsMax = 10) {
  const changes = new Emitter<IdentityChange>()
  const gone = new Set<string>()
  const cutOff = (principal: { kind: string; clientId?: string }) =>
    gone.has(principal.clientId ?? '') ? new GatewayError('admin_shutdown', 'cut off') : undefined
  return { changes, gone, registry: new SessionRegistry({ changes, cutOff }, sessionsMax) }
}

test('a client that is cut off loses its sessions before the change has been told, others keep theirs', () => {
  const { changes, gone, registry } = setup()
  const [bi, etl] = [sessionOf('bi'), sessionOf('etl')]
  registry.add(bi)
  registry.add(etl)
  gone.add('bi')
  changes.emit({ kind: 'client_cut_off', clientId: 'bi' })
  expect(bi.session.endReason?.message).toBe('cut off')
  expect(etl.session.endReason).toBeUndefined()
})

test('an ended token ends the sessions of its client; those of others are not even asked', () => {
  const { changes, gone, registry } = setup()
  const [bi, etl] = [sessionOf('bi'), sessionOf('etl')]
  registry.add(bi)
  registry.add(etl)
  gone.add('bi').add('etl')
  changes.emit({ kind: 'token_ended', clientId: 'bi', tokenId: 't', reason: 'expired' })
  expect(bi.session.endReason?.message).toBe('cut off')
  expect(etl.session.endReason).toBeUndefined()
})

test('the sessions of a client are its own, as long as they are there', () => {
  const { registry } = setup()
  const [bi, etl] = [sessionOf('bi'), sessionOf('etl')]
  registry.add(bi)
  registry.add(etl)
  expect(registry.ofClient('bi')).toEqual([bi.session])
  expect(registry.ofClient('nobody')).toEqual([])
  registry.remove(bi.session.id)
  registry.remove(bi.session.id)
  expect(registry.ofClient('bi')).toEqual([])
  expect(registry.ofClient('etl')).toEqual([etl.session])
})

test('changed grants are held against running statements; the sessions live on', () => {
  const { changes, registry } = setup()
  const bi = sessionOf('bi')
  registry.add(bi)
  changes.emit({ kind: 'grants_changed', grantsVersion: 2 })
  expect(bi.recheck).toHaveBeenCalledOnce()
  expect(bi.session.endReason).toBeUndefined()
})

test('one session too many is refused, and a place that is given back can be taken', () => {
  const { registry } = setup(1)
  const bi = sessionOf('bi')
  registry.add(bi)
  expect(() => registry.add(sessionOf('etl'))).toThrow(
    expect.objectContaining({ kind: 'too_many_connections' }),
  )
  registry.remove(bi.session.id)
  registry.add(sessionOf('etl'))
})

test('at the end idle sessions go at once, busy ones after the grace time', async () => {
  const { registry } = setup()
  const [idle, busy] = [sessionOf('idle'), { ...sessionOf('busy'), busy: true }]
  registry.add(idle)
  registry.add(busy)
  const stop = new GatewayError('admin_shutdown', 'the gateway stops')
  await registry.endAll(120, stop)
  expect(busy.session.endReason).toBe(stop)
  expect(idle.close).toHaveBeenCalledOnce()
})

test('opening and closing is told, and sessions are found by id and by client', () => {
  const { registry } = setup()
  const told: string[] = []
  registry.changed.on((what) => told.push(what))
  const bi = sessionOf('bi')
  registry.add(bi)
  registry.add(sessionOf('etl'))
  expect(registry.find(bi.session.id)).toBe(bi)
  expect(registry.ofClient('bi')).toEqual([bi.session])
  registry.remove(bi.session.id)
  registry.remove(bi.session.id)
  expect(registry.find(bi.session.id)).toBeUndefined()
  expect(told).toEqual(['session', 'session', 'session'])
})

test('a client that got another role loses its sessions, which hold the old one', () => {
  const { changes, gone, registry } = setup()
  const bi = sessionOf('bi')
  registry.add(bi)
  gone.add('bi')
  changes.emit({ kind: 'client_role_changed', clientId: 'bi' })
  expect(bi.session.endReason?.message).toBe('cut off')
})
