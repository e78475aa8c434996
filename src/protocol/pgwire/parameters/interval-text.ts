/** Intervals in the engine's spelling, from PostgreSQL's styles `postgres` and `iso_8601`. */
import { badText } from './refuse-parameter.ts'

const NUMBER = String.raw`([+-]?\d{1,18}(?:\.\d{1,6})?)`
const ISO = new RegExp(
  String.raw`^\s*P(?:${NUMBER}Y)?(?:${NUMBER}M)?(?:${NUMBER}W)?(?:${NUMBER}D)?` +
    String.raw`(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?\s*$`,
)
const ISO_UNITS = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds']

/** What a text in PostgreSQL's own style is made of; the engine reads its numbers and units. */
const WORDS = /^[\s\w.:@+-]+$/

/** @throws GatewayError `invalid_text_representation`; what else is wrong, the engine says. */
export function intervalText(text: string): string {
  const iso = ISO.exec(text)
  if (iso !== null) {
    const parts = ISO_UNITS.flatMap((unit, index) => {
      const count = iso[index + 1]
      return count === undefined ? [] : [`${count.replace('+', '')} ${unit}`]
    })
    if (parts.length === 0) throw badText('interval')
    return parts.join(' ')
  }
  if (/^\s*P/i.test(text) || !WORDS.test(text)) throw badText('interval')
  // The engine knows no plus sign, which PostgreSQL writes after a negative part.
  return text.trim().replaceAll(/\+(?=[\d.])/g, '')
}
