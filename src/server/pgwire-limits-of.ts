/** The bounds of the PostgreSQL door, as configured. */
import type { PgWireLimits } from '../protocol/pgwire/pgwire-limits.ts'
import type { Config } from './config/config-keys.ts'

export function pgWireLimitsOf(config: Config): PgWireLimits {
  return {
    loginMs: config['limits.loginTime'],
    unauthenticatedMax: config['limits.unauthenticatedMax'],
    unauthenticatedPerAddressMax: config['limits.unauthenticatedPerAddressMax'],
    messageBytesMax: config['limits.messageSizeMax'],
    readAheadBytesMax: config['limits.readAheadMax'],
    unsentBytesMax: config['limits.unsentMax'],
    preparedStatementsMax: config['limits.preparedStatementsMax'],
    preparedBytesMax: config['limits.preparedTextMax'],
    portalsMax: config['limits.portalsMax'],
    portalBytesMax: config['limits.portalValuesMax'],
  }
}
