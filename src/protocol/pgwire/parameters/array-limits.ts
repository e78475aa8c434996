import { GatewayError } from '../../../base/gateway-error.ts'

/** MAXDIM in PostgreSQL's source. */
export const ARRAY_DIMENSIONS_MAX = 6

/** Elements of one array parameter. Each takes about 100 bytes while it is read. */
export const ARRAY_ITEMS_MAX = 1_000_000

export function tooManyItems(): GatewayError {
  return new GatewayError(
    'program_limit',
    `an array parameter has more than ${ARRAY_ITEMS_MAX} elements`,
    { hint: 'Insert the values into a table, and join it.' },
  )
}
