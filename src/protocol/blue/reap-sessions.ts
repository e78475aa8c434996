/**
 * Ends the sessions of clients that are gone. Many never close theirs, and a session is tied to no
 * connection; so time tells: how long nothing was asked of it, and how long its client has had no
 * connection at all.
 */
import type { BlueLimits } from './blue-limits.ts'
import type { BlueLogin, BlueLogins } from './blue-logins.ts'
import type { BlueSession } from './blue-session.ts'

/** Between two looks. */
const LOOK_MS_MAX = 10_000

/** For how long a session that was ended still tells why. */
const TELL_MS = 60_000

type Times = Pick<BlueLimits, 'sessionIdleMs' | 'sessionLostMs'>

/** @returns what stops it. */
export function reapSessions(logins: BlueLogins, times: Times): () => void {
  const lookMs = Math.min(LOOK_MS_MAX, Math.max(times.sessionLostMs / 4, 1))
  const timer = setInterval(() => {
    for (const login of logins.logins) {
      for (const session of login.sessions.values()) reap(logins, login, session, times)
    }
    logins.sweep()
  }, lookMs).unref()
  return () => clearInterval(timer)
}

function reap(logins: BlueLogins, login: BlueLogin, session: BlueSession, times: Times): void {
  const now = Date.now()
  const quietMs = now - session.lastCallMs
  if (session.endReason) {
    if (quietMs > TELL_MS) logins.forgetSession(login, session)
    return
  }
  const isLost = login.connections.size === 0
  const lostMs = Math.min(quietMs, now - login.lostMs)
  if (quietMs <= times.sessionIdleMs && !(isLost && lostMs > times.sessionLostMs)) return
  logins.forgetSession(login, session)
  void session.close(isLost ? 'the client is gone' : 'nothing was asked of it for too long')
}
