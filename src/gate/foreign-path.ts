/** The LOCATION of a foreign table: `name/path`, in a location of the configuration. */
import { GatewayError } from '../base/gateway-error.ts'
import type { LocationEntry } from '../catalog/catalog-snapshot.ts'
import type { GateContext } from './gate-context.ts'
import { notSupported } from './refusals.ts'
import { needOnLocation } from './requirements.ts'

const CHARACTERS_MAX = 1_000

/** Directories below the location, and names in all: each is looked at for each statement. */
const PARTS_MAX = 32

const URL = /^[A-Za-z][A-Za-z0-9+.-]*:/
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

export interface ForeignPath {
  readonly location: LocationEntry
  /** Inside of the location. */
  readonly path: string
}

/**
 * @throws GatewayError `invalid_parameter_value` for what is no such path; `undefined_object`, to the
 *         byte the same for a location that there is not and for one without USAGE.
 */
export function readForeignPath(text: string, context: GateContext): ForeignPath {
  if (URL.test(text)) {
    throw notSupported('a LOCATION that is a URL', 'Files lie in a location of the configuration.')
  }
  if (text.length > CHARACTERS_MAX) throw noPath(`has more than ${CHARACTERS_MAX} characters`)
  if (UNPRINTABLE.test(text)) throw noPath('holds characters that cannot be seen')
  if (text.includes('\\')) throw noPath('has a backslash')
  if (text.startsWith('/') || text.startsWith('~')) throw noPath('is a path of the server')
  const [name = '', ...parts] = text.split('/')
  if (parts.length === 0) throw noPath('names no file in a location')
  if (parts.length > PARTS_MAX) throw noPath(`has more than ${PARTS_MAX} parts`)
  if (parts.includes('..') || parts.includes('.')) throw noPath('has a part that is . or ..')
  if (parts.includes('')) throw noPath('has an empty part')
  if (parts.some((part) => part.includes('**'))) throw notSupported('** in a LOCATION')
  const location = context.catalog.location(name)
  if (!location || !context.authority.covers(needOnLocation(location))) {
    throw new GatewayError('undefined_object', `location "${name}" does not exist`, {
      hint: 'It must be configured, and your role must have USAGE on it.',
    })
  }
  return { location, path: parts.join('/') }
}

function noPath(why: string): GatewayError {
  return new GatewayError('invalid_parameter_value', `LOCATION ${why}`, {
    hint: "Write LOCATION = 'name/directory/file', beginning with the name of a location.",
  })
}
