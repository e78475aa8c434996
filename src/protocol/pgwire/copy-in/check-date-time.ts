/** Whether there is such a day and such a time, so that an error names its line and not a batch. */
import { GatewayError } from '../../../base/gateway-error.ts'

const DATE = /^(\d+)-(\d+)-(\d+)( \(BC\))?/
const TIME = /(\d+):(\d+):(\d+)/

/**
 * @param text as the decoder of parameters has written it.
 * @throws GatewayError `datetime_field_overflow`.
 */
export function checkDateTime(text: string): string {
  const date = DATE.exec(text)
  if (date) {
    const [, year, month, day, era] = date
    const astronomical = era === undefined ? Number(year) : 1 - Number(year)
    if (Number(year) === 0 || !isDay(astronomical, Number(month), Number(day))) throw noSuchTime()
  }
  const time = TIME.exec(text)
  if (time) {
    const [hour = 0, minute = 0, second = 0] = time.slice(1).map(Number)
    if (hour > 24 || minute > 59 || second > 60) throw noSuchTime()
  }
  return text
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDay(year: number, month: number, day: number): boolean {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const last = (DAYS[month - 1] ?? 0) + (leap ? 1 : 0)
  return day >= 1 && day <= last
}

function noSuchTime(): GatewayError {
  return new GatewayError('datetime_field_overflow', 'date/time field value out of range')
}
