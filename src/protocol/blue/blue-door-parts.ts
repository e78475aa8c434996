import type { BlueConnections } from './blue-connections.ts'
import type { BlueLogins } from './blue-logins.ts'
import type { BluePorts } from './blue-ports.ts'

/** What the calls of this door share. */
export interface BlueDoorParts {
  readonly ports: BluePorts
  readonly connections: BlueConnections
  readonly logins: BlueLogins
  /** True from the moment in which nobody is let in any more. */
  readonly isStopping: () => boolean
}
