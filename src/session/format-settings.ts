/**
 * The settings that decide how values look as text: date style, interval style, zone, encoding.
 *
 * What the encoders cannot print is refused here, not printed in another form: a wrong date is
 * worse than an error.
 */
import { invalidValue, single } from './setting-definition.ts'
import type { SettingParser } from './setting-definition.ts'

const FIELD_ORDERS: Readonly<Record<string, string>> = {
  mdy: 'MDY',
  us: 'MDY',
  noneuro: 'MDY',
  noneuropean: 'MDY',
  dmy: 'DMY',
  euro: 'DMY',
  european: 'DMY',
  ymd: 'YMD',
}

/** `ISO`, `MDY` or both, in any order, as words or inside one string. */
export const dateStyleSetting: SettingParser = (values, { name, current }) => {
  let order = current.slice(-3)
  for (const word of values.flatMap((value) => value.split(',')).map((one) => one.trim())) {
    const lower = word.toLowerCase()
    if (lower === 'iso') continue
    const chosen = lower === 'default' ? 'MDY' : FIELD_ORDERS[lower]
    if (chosen === undefined) {
      throw invalidValue(name, word, 'Dates are printed as ISO: use ISO, with MDY, DMY or YMD.')
    }
    order = chosen
  }
  return `ISO, ${order}`
}

/** Looks an IANA zone up in the zones that this program knows, whatever the case. */
export const timeZoneSetting: SettingParser = (values, { name }) => {
  const value = single(values, name)
  const zone = value.trim().replaceAll(/^'(.*)'$/g, '$1')
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(zone) || isOffset(zone)) {
    throw invalidValue(name, value, ZONE_HINT)
  }
  let canonical: string
  try {
    canonical = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw invalidValue(name, value, ZONE_HINT)
  }
  if (canonical.toLowerCase() === zone.toLowerCase()) return canonical
  return spelledAsListed(zone)
}

const ZONE_HINT = 'Use a name such as Europe/Berlin, or Etc/GMT-3 for three hours east of UTC.'

/** `UTC+3` means three hours *west* in PostgreSQL, and the engine does not know it: refused. */
function isOffset(zone: string): boolean {
  return /[+-]\d/.test(zone) && !/^Etc\/GMT[+-]\d{1,2}$/i.test(zone)
}

/** An alias such as Asia/Calcutta keeps its name; the case is mended where the list has it. */
function spelledAsListed(zone: string): string {
  const lower = zone.toLowerCase()
  if (/^[a-z]{1,4}$/.test(lower)) return zone.toUpperCase()
  if (/^etc\/gmt[+-]\d+$/.test(lower)) return `Etc/GMT${zone.slice(7)}`
  const listed = Intl.supportedValuesOf('timeZone').find((one) => one.toLowerCase() === lower)
  return listed ?? zone
}

const UTF8_NAMES: ReadonlySet<string> = new Set(['UTF8', 'UNICODE'])

/** Only UTF-8; `SQL_ASCII` asks for no conversion, which is the same bytes. asyncpg sends quotes. */
export const clientEncodingSetting: SettingParser = (values, { name }) => {
  const value = single(values, name)
  const plain = value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  if (UTF8_NAMES.has(plain)) return 'UTF8'
  if (plain === 'SQLASCII') return 'SQL_ASCII'
  throw invalidValue(name, value, 'Text is UTF-8 here: SET client_encoding TO UTF8.')
}
