/**
 * Intervals in PostgreSQL's styles.
 *
 * Source: PostgreSQL, src/backend/utils/adt/datetime.c, EncodeInterval.
 */
import { writeAscii } from '../../text/spelling.ts'
import { spellInterval } from '../../text/interval.ts'
import { fixed, valuesOf, type FixedEncoder } from '../../value-encoder.ts'

/** `-178956970 years -8 mons -2147483648 days -2562047788:00:54.775808`, with room to spare. */
const INTERVAL_BYTES_MAX = 80

export function intervalText(style: 'postgres' | 'iso_8601'): FixedEncoder {
  return fixed<Int32Array>('interval', INTERVAL_BYTES_MAX, valuesOf, (words, row, bytes, at) =>
    writeAscii(
      bytes,
      at,
      spellInterval(
        words[row * 4] as number,
        words[row * 4 + 1] as number,
        words[row * 4 + 2] as number,
        words[row * 4 + 3] as number,
        style,
      ),
    ),
  )
}
