/** Functions of dates and times. Source: BLUE SQL, date and time functions; its units of time. */
import { bound, example, inItsType, onceFrom } from './blue-function.ts'
import type { BlueFunction, ByUnit } from './blue-function.ts'

/** BLUE has milliseconds, and UTC. */
const NOW = `date_trunc('millisecond', now() AT TIME ZONE 'UTC')`
const TODAY = `CAST(now() AT TIME ZONE 'UTC' AS DATE)`

/** Whole days and more leave a DATE a DATE. */
function addDays(interval: (count: string) => string): string {
  return onceFrom(
    2,
    2,
    inItsType(bound(3), (date) => `${date} + ${interval(bound(2))}`),
  )
}

const ADD: ByUnit = {
  year: addDays((count) => `to_years(${count})`),
  quarter: addDays((count) => `to_months(3 * ${count})`),
  month: addDays((count) => `to_months(${count})`),
  dayofyear: addDays((count) => `to_days(${count})`),
  day: addDays((count) => `to_days(${count})`),
  week: addDays((count) => `to_days(7 * ${count})`),
  hour: '(to_hours(#2) + (#3))',
  minute: '(to_minutes(#2) + (#3))',
  second: '(to_seconds(#2) + (#3))',
  millisecond: '(to_milliseconds(#2) + (#3))',
}

const DIFFERENCE: ByUnit = Object.fromEntries(
  (['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const)
    .map((unit) => [unit, `CAST(date_diff('${unit}', #2, #3) AS INTEGER)`])
    .concat([['dayofyear', `CAST(date_diff('day', #2, #3) AS INTEGER)`]]),
)

/** Units of the day need a time: the engine refuses the cast of a DATE, as BLUE does. */
function partOf(value: string): ByUnit {
  const part = (unit: string) => `CAST(date_part('${unit}', ${value}) AS INTEGER)`
  const time = (unit: string) => `CAST(date_part('${unit}', CAST(${value} AS TIME)) AS INTEGER)`
  return {
    year: part('year'),
    quarter: part('quarter'),
    month: part('month'),
    dayofyear: part('dayofyear'),
    day: part('day'),
    week: part('week'),
    weekday: `CAST(date_part('dow', ${value}) + 1 AS INTEGER)`,
    hour: time('hour'),
    minute: time('minute'),
    second: time('second'),
    millisecond: `CAST(date_part('millisecond', CAST(${value} AS TIME)) % 1000 AS INTEGER)`,
  }
}

const { weekday: _, ...EXTRACTED } = partOf('#2')

/** `time_bucket` gives a DATE for a DATE, unlike `date_trunc`. */
const TRUNCATED: ByUnit = Object.fromEntries(
  (
    [
      ['year', '1 year'],
      ['quarter', '3 months'],
      ['month', '1 month'],
      ['dayofyear', '1 day'],
      ['day', '1 day'],
      ['hour', '1 hour'],
      ['minute', '1 minute'],
      ['second', '1 second'],
      ['millisecond', '1 millisecond'],
    ] as const
  ).map(([unit, width]) => [unit, `time_bucket(INTERVAL '${width}', #1)`]),
)

export const DATE_FUNCTIONS: readonly BlueFunction[] = [
  {
    name: 'dateadd',
    written: 'DATEADD(unit, n, d)',
    forms: [{ arguments: ['unit', 'value', 'value'], becomes: ADD }],
    note: 'A `DATE` stays one for units of a day and more, and becomes a `DATETIME` for shorter ones.',
    examples: [
      example(`DATEADD(month, 1, DATE '2024-01-31')`, '2024-02-29', 'DATE'),
      example(`DATEADD(m, -1, DATETIME '2024-03-31 10:00')`, '2024-02-29 10:00:00', 'TIMESTAMP'),
      example(`DATEADD(QQ, 1, DATE '2024-01-31')`, '2024-04-30', 'DATE'),
      example(`DATEADD(yyyy, 1, DATE '2024-02-29')`, '2025-02-28', 'DATE'),
      example(`DATEADD(wk, 2, DATE '2024-02-29')`, '2024-03-14', 'DATE'),
      example(`DATEADD(doy, 1, DATE '2024-02-29')`, '2024-03-01', 'DATE'),
      example(`DATEADD(dd, -1, DATE '2024-03-01')`, '2024-02-29', 'DATE'),
      example(`DATEADD(hh, 25, DATE '2024-02-28')`, '2024-02-29 01:00:00', 'TIMESTAMP'),
      example(`DATEADD(n, 1, DATETIME '2024-02-29 23:59')`, '2024-03-01 00:00:00', 'TIMESTAMP'),
      example(`DATEADD(s, 61, DATETIME '2024-02-29')`, '2024-02-29 00:01:01', 'TIMESTAMP'),
      example(`DATEADD(ms, 5, DATETIME '2024-02-29')`, '2024-02-29 00:00:00.005', 'TIMESTAMP'),
      example(`DATEADD(day, 1, CAST(NULL AS DATE))`, null, 'DATE'),
      example(`DATEADD(day, 1, DATEADD(month, 1, DATE '2024-01-31'))`, '2024-03-01', 'DATE'),
    ],
  },
  {
    name: 'datediff',
    written: 'DATEDIFF(unit, a, b)',
    forms: [{ arguments: ['unit', 'value', 'value'], becomes: DIFFERENCE }],
    note: 'How many boundaries of the unit lie between them. `WEEK` is refused: BLUE does not say with which day a week begins.',
    examples: [
      example(`DATEDIFF(year, DATE '1997-12-31', DATE '1998-01-01')`, '1', 'INTEGER'),
      example(`DATEDIFF(yy, DATE '1997-01-01', DATE '1997-12-31')`, '0', 'INTEGER'),
      example(`DATEDIFF(q, DATE '2024-03-31', DATE '2024-04-01')`, '1', 'INTEGER'),
      example(`DATEDIFF(mm, DATE '2024-01-31', DATE '2024-03-01')`, '2', 'INTEGER'),
      example(`DATEDIFF(d, DATE '2024-03-01', DATE '2024-02-28')`, '-2', 'INTEGER'),
      example(`DATEDIFF(dy, DATE '2024-02-28', DATE '2024-03-01')`, '2', 'INTEGER'),
      example(
        `DATEDIFF(hour, DATETIME '2024-02-29 10:59', DATETIME '2024-02-29 11:01')`,
        '1',
        'INTEGER',
      ),
      example(`DATEDIFF(mi, DATE '2024-02-28', DATE '2024-02-29')`, '1440', 'INTEGER'),
      example(`DATEDIFF(ss, DATE '2024-02-28', DATE '2024-02-29')`, '86400', 'INTEGER'),
      example(
        `DATEDIFF(ms, DATETIME '2024-02-29 00:00:00.100', DATETIME '2024-02-29 00:00:01')`,
        '900',
        'INTEGER',
      ),
      example(`DATEDIFF(day, DATE '2024-02-29', NULL)`, null, 'INTEGER'),
    ],
  },
  {
    name: 'datepart',
    written: 'DATEPART(unit, d)',
    forms: [{ arguments: ['unit', 'value'], becomes: partOf('#2') }],
    note: 'Sunday is the weekday 1. Weeks are those of ISO 8601. Units below a day need a `DATETIME`.',
    examples: [
      example(`DATEPART(yyyy, DATE '2024-02-29')`, '2024', 'INTEGER'),
      example(`DATEPART(q, DATE '2024-04-01')`, '2', 'INTEGER'),
      example(`DATEPART(m, DATE '2024-02-29')`, '2', 'INTEGER'),
      example(`DATEPART(y, DATE '2024-02-29')`, '60', 'INTEGER'),
      example(`DATEPART(d, DATE '2024-02-29')`, '29', 'INTEGER'),
      example(`DATEPART(ww, DATE '2021-01-03')`, '53', 'INTEGER'),
      example(`DATEPART(dw, DATE '2024-03-03')`, '1', 'INTEGER'),
      example(`DATEPART(weekday, DATE '2024-03-02')`, '7', 'INTEGER'),
      example(`DATEPART(hh, DATETIME '2024-02-29 10:11:12.345')`, '10', 'INTEGER'),
      example(`DATEPART(n, DATETIME '2024-02-29 10:11:12.345')`, '11', 'INTEGER'),
      example(`DATEPART(ss, DATETIME '2024-02-29 10:11:12.345')`, '12', 'INTEGER'),
      example(`DATEPART(ms, DATETIME '2024-02-29 10:11:12.345')`, '345', 'INTEGER'),
    ],
  },
  {
    name: 'extract',
    written: 'EXTRACT(unit FROM d)',
    forms: [{ arguments: ['unit', 'value'], becomes: EXTRACTED }],
    note: 'As `DATEPART`, without the weekday.',
    examples: [
      example(`EXTRACT(year FROM DATE '1955-05-05')`, '1955', 'INTEGER'),
      example(`EXTRACT(WK FROM DATE '2021-01-03')`, '53', 'INTEGER'),
      example(`EXTRACT(ms FROM DATETIME '2024-02-29 10:11:12.345')`, '345', 'INTEGER'),
      example(`EXTRACT(dd FROM DATEADD(day, 1, DATE '2024-02-28'))`, '29', 'INTEGER'),
    ],
  },
  {
    name: 'trunc',
    written: 'TRUNC(d, unit), TRUNC(x)',
    forms: [
      { arguments: ['value', 'unit'], becomes: TRUNCATED },
      { arguments: ['value'], becomes: 'trunc(#1)' },
    ],
    note: '`TRUNC(d)` of a date without a unit is an error (`42883`): write `TRUNC(d, DAY)`. `WEEK` is refused as in `DATEDIFF`.',
    examples: [
      example(`TRUNC(DATE '2024-05-31', year)`, '2024-01-01', 'DATE'),
      example(`TRUNC(DATE '2024-05-31', qq)`, '2024-04-01', 'DATE'),
      example(`TRUNC(DATE '1969-05-31', m)`, '1969-05-01', 'DATE'),
      example(`TRUNC(DATETIME '2024-05-31 10:11:12.345', d)`, '2024-05-31 00:00:00', 'TIMESTAMP'),
      example(`TRUNC(DATETIME '2024-05-31 10:11:12.345', hh)`, '2024-05-31 10:00:00', 'TIMESTAMP'),
      example(`TRUNC(DATETIME '1924-05-31 10:11:12.345', mi)`, '1924-05-31 10:11:00', 'TIMESTAMP'),
      example(`TRUNC(DATETIME '2024-05-31 10:11:12.345', s)`, '2024-05-31 10:11:12', 'TIMESTAMP'),
      example(`TRUNC(-3.9)`, '-3.0', 'DOUBLE'),
    ],
  },
  {
    name: 'eomonth',
    written: 'EOMONTH(d)',
    forms: [{ arguments: ['value'], becomes: inItsType('#1', (date) => `last_day(${date})`) }],
    examples: [
      example(`EOMONTH(DATE '2024-02-01')`, '2024-02-29', 'DATE'),
      example(`EOMONTH(DATETIME '2024-02-01 10:00')`, '2024-02-29 00:00:00', 'TIMESTAMP'),
    ],
  },
  now('getdate', 'GETDATE()', NOW, 'TIMESTAMP'),
  now('sysdate', 'SYSDATE', NOW, 'TIMESTAMP'),
  now('current_timestamp', 'CURRENT_TIMESTAMP, CURRENT_TIMESTAMP()', NOW, 'TIMESTAMP'),
  now('curdate', 'CURDATE()', TODAY, 'DATE'),
  now('current_date', 'CURRENT_DATE, CURRENT_DATE()', TODAY, 'DATE'),
  {
    name: 'to_unixts',
    written: 'TO_UNIXTS(d)',
    forms: [{ arguments: ['value'], becomes: '(epoch_ms(CAST(#1 AS TIMESTAMP)) // 1000)' }],
    examples: [
      example(`TO_UNIXTS(DATETIME '2023-11-14 22:13:20.900')`, '1700000000', 'BIGINT'),
      example(`TO_UNIXTS(DATE '1970-01-02')`, '86400', 'BIGINT'),
    ],
  },
  {
    name: 'to_unixtsms',
    written: 'TO_UNIXTSMS(d)',
    forms: [{ arguments: ['value'], becomes: 'epoch_ms(CAST(#1 AS TIMESTAMP))' }],
    examples: [
      example(`TO_UNIXTSMS(DATETIME '2023-11-14 22:13:20.900')`, '1700000000900', 'BIGINT'),
    ],
  },
  {
    name: 'from_unixts',
    written: 'FROM_UNIXTS(n)',
    forms: [{ arguments: ['value'], becomes: 'make_timestamp(CAST(#1 AS BIGINT) * 1000000)' }],
    examples: [example('FROM_UNIXTS(1700000000)', '2023-11-14 22:13:20', 'TIMESTAMP')],
  },
  {
    name: 'from_unixtsms',
    written: 'FROM_UNIXTSMS(n)',
    forms: [{ arguments: ['value'], becomes: 'make_timestamp_ms(CAST(#1 AS BIGINT))' }],
    examples: [example('FROM_UNIXTSMS(1700000000123)', '2023-11-14 22:13:20.123', 'TIMESTAMP')],
  },
]

/** The time is another one each time: that it is one, and of which type, can be said. */
function now(name: string, written: string, becomes: string, type: string): BlueFunction {
  const call = written.replace(/.* /, '')
  return {
    name,
    written,
    forms: [{ arguments: [], becomes }],
    note: type === 'DATE' ? 'The day in UTC.' : 'The time in UTC, in milliseconds.',
    examples: [example(`${call} IS NOT NULL`, 'true', 'BOOLEAN')],
  }
}
