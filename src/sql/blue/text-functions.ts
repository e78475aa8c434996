/** Functions of texts. Source: BLUE SQL, string functions. */
import { bound, example, failure, once } from './blue-function.ts'
import type { BlueFunction } from './blue-function.ts'

/** Of a text from `start` on, which is 1 where it is not given. */
function searched(start: number | undefined): string {
  return start === undefined ? bound(1) : `substr(${bound(1)}, ${bound(start)})`
}

function nullOr(value: string): string {
  return `CASE WHEN ${bound(1)} IS NULL THEN NULL ELSE ${value} END`
}

/** Where the first match begins: how long what stands before it is. */
function placeOfMatch(start: number | undefined): string {
  const text = searched(start)
  const before = `regexp_extract(${text}, '(?s:^(.*?))(?:' || ${bound(2)} || ')', 1)`
  const first = start === undefined ? '1' : bound(start)
  return nullOr(
    `CASE WHEN regexp_matches(${text}, ${bound(2)}) THEN length(${before}) + ${first} ELSE 0 END`,
  )
}

const REGEX_NOTE = 'The pattern is a string that is written out, in the syntax of RE2.'

export const TEXT_FUNCTIONS: readonly BlueFunction[] = [
  {
    name: 'len',
    written: 'LEN(s)',
    forms: [{ arguments: ['value'], becomes: `length(rtrim(#1, ' '))` }],
    note: 'Without blanks at the end.',
    examples: [
      example(`LEN('abc  ')`, '3', 'BIGINT'),
      example(`LEN('  ')`, '0', 'BIGINT'),
      example(`LEN('é💡')`, '2', 'BIGINT'),
      example('LEN(CAST(NULL AS TEXT))', null, 'BIGINT'),
    ],
  },
  ...['octet_length', 'octet_len'].map((name) => ({
    name,
    written: `${name.toUpperCase()}(s)`,
    forms: [{ arguments: ['value' as const], becomes: 'strlen(#1)' }],
    note: 'Bytes of UTF-8.',
    examples: [example(`${name.toUpperCase()}('é💡')`, '6', 'BIGINT')],
  })),
  {
    name: 'charindex',
    written: 'CHARINDEX(needle, s [, start])',
    forms: [
      {
        arguments: ['value', 'value'],
        becomes: once(
          2,
          `CASE WHEN ${bound(1)} = '' AND ${bound(2)} IS NOT NULL THEN 0 ELSE instr(${bound(2)}, ${bound(1)}) END`,
        ),
      },
      {
        arguments: ['value', 'value', 'value'],
        becomes: once(3, charIndexFrom()),
      },
    ],
    note: '0 where it is not found, and for an empty needle.',
    examples: [
      example(`CHARINDEX('b', 'abcb')`, '2', 'BIGINT'),
      example(`CHARINDEX('b', 'abcb', 3)`, '4', 'BIGINT'),
      example(`CHARINDEX('b', 'abcb', -3)`, '2', 'BIGINT'),
      example(`CHARINDEX('z', 'abcb', 2)`, '0', 'BIGINT'),
      example(`CHARINDEX('', 'abc')`, '0', 'BIGINT'),
      example(`CHARINDEX('B', 'abc')`, '0', 'BIGINT'),
      example(`CHARINDEX('b', CAST(NULL AS TEXT))`, null, 'BIGINT'),
    ],
  },
  {
    name: 'patindex',
    written: `PATINDEX('pattern', s)`,
    forms: [
      {
        arguments: ['pattern', 'value'],
        becomes: once(
          2,
          `CASE WHEN ${bound(2)} IS NULL THEN NULL WHEN regexp_matches(${bound(2)}, ${bound(1)}) THEN length(regexp_extract(${bound(2)}, ${bound(1)}, 1)) + 1 ELSE 0 END`,
        ),
      },
    ],
    note: 'The pattern is that of `LIKE`, written out.',
    examples: [
      example(`PATINDEX('%[0-9]%', 'ab12')`, '3', 'BIGINT'),
      example(`PATINDEX('ab%', 'xab')`, '0', 'BIGINT'),
      example(`PATINDEX('%b', 'abxb')`, '4', 'BIGINT'),
      example(`PATINDEX('%x_z%', 'axyz')`, '2', 'BIGINT'),
      example(`PATINDEX('%a%', CAST(NULL AS TEXT))`, null, 'BIGINT'),
    ],
  },
  {
    name: 'isprefixof',
    written: 'ISPREFIXOF(prefix, s)',
    forms: [
      {
        arguments: ['value', 'value'],
        becomes: once(2, `starts_with(${bound(2)}, ${bound(1)})`),
      },
    ],
    examples: [
      example(`ISPREFIXOF('ab', 'abc')`, 'true', 'BOOLEAN'),
      example(`ISPREFIXOF('abc', 'ab')`, 'false', 'BOOLEAN'),
    ],
  },
  ...(['left', 'right'] as const).map((name) => ({
    name,
    written: `${name.toUpperCase()}(s, n)`,
    forms: [
      {
        arguments: ['value', 'count'] as const,
        plain: `${name}(#1, #2)`,
        becomes: once(
          2,
          `${name}(${bound(1)}, CASE WHEN ${bound(2)} < 0 THEN 0 ELSE ${bound(2)} END)`,
        ),
      },
    ],
    note: 'Nothing for `n` below 1.',
    examples: [
      example(`${name.toUpperCase()}('abc', 2)`, name === 'left' ? 'ab' : 'bc', 'VARCHAR'),
      example(`${name.toUpperCase()}('abc', 0)`, '', 'VARCHAR'),
      example(`${name.toUpperCase()}('abc', -1)`, '', 'VARCHAR'),
      example(`${name.toUpperCase()}('abc', NULL)`, null, 'VARCHAR'),
    ],
  })),
  {
    name: 'repeat',
    written: 'REPEAT(s, n)',
    forms: [
      {
        arguments: ['value', 'count'],
        plain: 'repeat(#1, #2)',
        becomes: once(
          2,
          `repeat(${bound(1)}, CASE WHEN ${bound(2)} < 0 THEN ${failure('REPEAT takes no negative number', 'BIGINT')} ELSE ${bound(2)} END)`,
        ),
      },
    ],
    note: 'A negative `n` is an error.',
    examples: [
      example(`REPEAT('ab', 2)`, 'abab', 'VARCHAR'),
      example(`REPEAT('ab', 1 + 1)`, 'abab', 'VARCHAR'),
      example(`REPEAT('ab', 0)`, '', 'VARCHAR'),
    ],
  },
  {
    name: 'is_ascii',
    written: 'IS_ASCII(s)',
    forms: [{ arguments: ['value'], becomes: `regexp_full_match(#1, '[\\x00-\\x7F]*')` }],
    examples: [
      example(`IS_ASCII('a~')`, 'true', 'BOOLEAN'),
      example(`IS_ASCII(E'a\\nb')`, 'true', 'BOOLEAN'),
      example(`IS_ASCII('é')`, 'false', 'BOOLEAN'),
    ],
  },
  {
    name: 'regexp_count',
    written: `REGEXP_COUNT(s, 'regex' [, start])`,
    forms: [
      { arguments: ['value', 'regex'], becomes: 'len(regexp_extract_all(#1, #2))' },
      {
        arguments: ['value', 'regex', 'value'],
        becomes: once(3, `len(regexp_extract_all(${searched(3)}, ${bound(2)}))`),
      },
    ],
    note: REGEX_NOTE,
    examples: [
      example(`REGEXP_COUNT('abcabc', 'b.')`, '2', 'BIGINT'),
      example(`REGEXP_COUNT('abcabc', '(a)|b', 2)`, '3', 'BIGINT'),
      example(`REGEXP_COUNT(CAST(NULL AS TEXT), 'b')`, null, 'BIGINT'),
    ],
  },
  {
    name: 'regexp_instr',
    written: `REGEXP_INSTR(s, 'regex' [, start])`,
    forms: [
      { arguments: ['value', 'regex'], becomes: once(2, placeOfMatch(undefined)) },
      { arguments: ['value', 'regex', 'value'], becomes: once(3, placeOfMatch(3)) },
    ],
    note: 'The occurrence and the kind of result are refused.',
    examples: [
      example(`REGEXP_INSTR('abca', 'a$')`, '4', 'BIGINT'),
      example(`REGEXP_INSTR('abca', 'c|b')`, '2', 'BIGINT'),
      example(`REGEXP_INSTR('abcabc', 'b', 3)`, '5', 'BIGINT'),
      example(`REGEXP_INSTR('abc', 'z')`, '0', 'BIGINT'),
      example(`REGEXP_INSTR(CAST(NULL AS TEXT), 'z')`, null, 'BIGINT'),
    ],
  },
  {
    name: 'regexp_substr',
    written: `REGEXP_SUBSTR(s, 'regex' [, start [, occurrence]])`,
    forms: [
      { arguments: ['value', 'regex'], becomes: 'regexp_extract(#1, #2)' },
      {
        arguments: ['value', 'regex', 'value'],
        becomes: once(3, `regexp_extract(${searched(3)}, ${bound(2)})`),
      },
      {
        arguments: ['value', 'regex', 'value', 'value'],
        becomes: once(
          4,
          nullOr(
            `coalesce(list_extract(regexp_extract_all(${searched(3)}, ${bound(2)}), ${bound(4)}), '')`,
          ),
        ),
      },
    ],
    note: 'The empty text where nothing is found.',
    examples: [
      example(`REGEXP_SUBSTR('ab12cd34', '[0-9]+')`, '12', 'VARCHAR'),
      example(`REGEXP_SUBSTR('ab12cd34', '[0-9]+', 4)`, '2', 'VARCHAR'),
      example(`REGEXP_SUBSTR('ab12cd34', '[0-9]+', 1, 2)`, '34', 'VARCHAR'),
      example(`REGEXP_SUBSTR('ab12cd34', '[0-9]+', 1, 3)`, '', 'VARCHAR'),
      example(`REGEXP_SUBSTR('ab', '[0-9]+')`, '', 'VARCHAR'),
      example(`REGEXP_SUBSTR(CAST(NULL AS TEXT), 'a', 1, 1)`, null, 'VARCHAR'),
    ],
  },
  {
    name: 'regexp_replace',
    written: `REGEXP_REPLACE(s, 'regex' [, r [, 1 [, 0]]])`,
    forms: [
      { arguments: ['value', 'regex'], becomes: `regexp_replace(#1, #2, '', 'g')` },
      { arguments: ['value', 'regex', 'value'], becomes: `regexp_replace(#1, #2, #3, 'g')` },
      {
        arguments: ['value', 'regex', 'value', { only: '1' }],
        becomes: `regexp_replace(#1, #2, #3, 'g')`,
      },
      {
        arguments: ['value', 'regex', 'value', { only: '1' }, { only: '0' }],
        becomes: `regexp_replace(#1, #2, #3, 'g')`,
      },
    ],
    note: 'Replaces all that is found; another start or occurrence is refused.',
    examples: [
      example(`REGEXP_REPLACE('a1b2', '[0-9]', '-')`, 'a-b-', 'VARCHAR'),
      example(`REGEXP_REPLACE('a1b2', '[0-9]')`, 'ab', 'VARCHAR'),
      example(`REGEXP_REPLACE('a1b2', '[0-9]', '-', 1, 0)`, 'a-b-', 'VARCHAR'),
    ],
  },
]

function charIndexFrom(): string {
  const [needle, start] = [bound(1), `greatest(${bound(3)}, 1)`]
  const found = `instr(substr(${bound(2)}, ${start}), ${needle})`
  return `CASE WHEN ${needle} = '' AND ${bound(2)} IS NOT NULL THEN 0 WHEN ${found} = 0 THEN 0 ELSE ${found} + ${start} - 1 END`
}
