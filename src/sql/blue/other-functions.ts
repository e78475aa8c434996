/** Functions of numbers, arrays and conditions. Source: BLUE SQL, its lists of functions. */
import { bound, example, inItsType, once } from './blue-function.ts'
import type { BlueFunction } from './blue-function.ts'

const HEX = `'0x' || right(lpad(lower(to_hex(CAST(${bound(1)} AS BIGINT))), 16, '0'), CASE typeof(${bound(1)}) WHEN 'BIGINT' THEN 16 ELSE 8 END)`

export const OTHER_FUNCTIONS: readonly BlueFunction[] = [
  {
    name: 'log',
    written: 'LOG(x)',
    forms: [{ arguments: ['value'], becomes: 'ln(#1)' }],
    note: 'The natural logarithm.',
    examples: [
      example('LOG(EXP(2))', '2.0', 'DOUBLE'),
      example('ROUND(LOG(10), 4)', '2.3026', 'DOUBLE'),
    ],
  },
  {
    name: 'atn2',
    written: 'ATN2(y, x)',
    forms: [{ arguments: ['value', 'value'], becomes: 'atan2(#1, #2)' }],
    examples: [example('ROUND(ATN2(1, 0), 4)', '1.5708', 'DOUBLE')],
  },
  {
    name: 'square',
    written: 'SQUARE(x)',
    forms: [{ arguments: ['value'], becomes: once(1, `${bound(1)} * ${bound(1)}`) }],
    examples: [example('SQUARE(-3)', '9', 'INTEGER'), example('SQUARE(1.5)', '2.25', 'DOUBLE')],
  },
  {
    name: 'sign',
    written: 'SIGN(x)',
    forms: [{ arguments: ['value'], becomes: inItsType('#1', (number) => `sign(${number})`) }],
    note: 'In the type of `x`.',
    examples: [
      example('SIGN(-2.5)', '-1.0', 'DOUBLE'),
      example('SIGN(0)', '0', 'INTEGER'),
      example('SIGN(CAST(7 AS BIGINT))', '1', 'BIGINT'),
    ],
  },
  {
    name: 'to_hex',
    written: 'TO_HEX(i)',
    forms: [{ arguments: ['value'], becomes: once(1, HEX) }],
    note: '16 digits for a `BIGINT`, 8 for shorter integers.',
    examples: [
      example('TO_HEX(255)', '0x000000ff', 'VARCHAR'),
      example('TO_HEX(-1)', '0xffffffff', 'VARCHAR'),
      example('TO_HEX(CAST(-2 AS BIGINT))', '0xfffffffffffffffe', 'VARCHAR'),
      example('TO_HEX(CAST(NULL AS INT))', null, 'VARCHAR'),
    ],
  },
  {
    name: 'isnull',
    written: 'ISNULL(a, b)',
    forms: [{ arguments: ['value', 'value'], becomes: 'coalesce(#1, #2)' }],
    note: '`x ISNULL` is left as it is.',
    examples: [
      example('ISNULL(NULL, 2)', '2', 'INTEGER'),
      example('ISNULL(1, 2)', '1', 'INTEGER'),
      example('(1 ISNULL)', 'false', 'BOOLEAN'),
    ],
  },
  {
    name: 'decode',
    written: 'DECODE(e, s, r [, s, r …] [, default])',
    forms: [{ arguments: ['value', 'value', 'value'], variadic: 'decode', becomes: '' }],
    note: 'NULL equals NULL here.',
    examples: [
      example(`DECODE(2, 1, 'one', 2, 'two', 'many')`, 'two', 'VARCHAR'),
      example(`DECODE(3, 1, 'one', 2, 'two', 'many')`, 'many', 'VARCHAR'),
      example(`DECODE(3, 1, 'one')`, null, 'VARCHAR'),
      example(`DECODE(NULL, 1, 'one', NULL, 'none')`, 'none', 'VARCHAR'),
    ],
  },
  {
    name: 'iscastable',
    written: 'ISCASTABLE(x, type)',
    forms: [
      {
        arguments: ['value', 'type'],
        becomes: once(1, `(${bound(1)} IS NULL OR TRY_CAST(${bound(1)} AS #2) IS NOT NULL)`),
      },
    ],
    examples: [
      example(`ISCASTABLE('12', INT)`, 'true', 'BOOLEAN'),
      example(`ISCASTABLE('200', TINYINT)`, 'true', 'BOOLEAN'),
      example(`ISCASTABLE('-1', TINYINT)`, 'false', 'BOOLEAN'),
      example(`ISCASTABLE('12.x', NUMERIC(10, 2))`, 'false', 'BOOLEAN'),
      example(`ISCASTABLE(NULL, DATE)`, 'true', 'BOOLEAN'),
    ],
  },
  {
    name: 'array_remove',
    written: 'ARRAY_REMOVE(a, v)',
    forms: [
      {
        arguments: ['value', 'value'],
        becomes: once(
          2,
          `list_filter(${bound(1)}, lambda "blue item": "blue item" IS DISTINCT FROM ${bound(2)})`,
        ),
      },
    ],
    examples: [
      example('ARRAY_REMOVE(ARRAY[1, 2, NULL, 1], 1)', '[2, NULL]', 'INTEGER[]'),
      example('ARRAY_REMOVE(ARRAY[1, NULL], NULL)', '[1]', 'INTEGER[]'),
    ],
  },
  {
    name: 'array_replace',
    written: 'ARRAY_REPLACE(a, old, new)',
    forms: [
      {
        arguments: ['value', 'value', 'value'],
        becomes: once(
          3,
          `list_transform(${bound(1)}, lambda "blue item": CASE WHEN "blue item" IS NOT DISTINCT FROM ${bound(2)} THEN ${bound(3)} ELSE "blue item" END)`,
        ),
      },
    ],
    examples: [example('ARRAY_REPLACE(ARRAY[1, 2, 1], 1, 9)', '[9, 2, 9]', 'INTEGER[]')],
  },
]
