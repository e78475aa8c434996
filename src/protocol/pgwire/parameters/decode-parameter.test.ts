import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../base/gateway-error.ts'
import { decodeParameter, oidOfTypeName, typeNameOfOid } from './decode-parameter.ts'

const text = (oid: number, value: string) => decodeParameter(oid, 'text', Buffer.from(value), '')
const binary = (oid: number, hex: string) =>
  decodeParameter(oid, 'binary', Buffer.from(hex, 'hex'), '')
const asText = (value: string) => ({ kind: 'text', value })

const BOOL = 16
const BYTEA = 17
const INT8 = 20
const INT2 = 21
const INT4 = 23
const TEXT = 25
const OID = 26
const JSON_ARRAY = 199
const FLOAT4 = 700
const FLOAT8 = 701
const BOOL_ARRAY = 1000
const BYTEA_ARRAY = 1001
const INT4_ARRAY = 1007
const TEXT_ARRAY = 1009
const DATE = 1082
const TIME = 1083
const TIMESTAMP = 1114
const TIMESTAMPTZ = 1184
const TIMESTAMPTZ_ARRAY = 1185
const INTERVAL = 1186
const TIMETZ = 1266
const VARBIT = 1562
const NUMERIC = 1700
const UUID = 2950
const JSONB = 3802

test('NULL is NULL in both formats', () => {
  expect(decodeParameter(INT4, 'text', null, '')).toEqual({ kind: 'null' })
  expect(decodeParameter(INT4, 'binary', null, '')).toEqual({ kind: 'null' })
})

describe('text', () => {
  test('a moment without a zone is one of the session’s', () => {
    const inTokyo = (oid: number, value: string) =>
      decodeParameter(oid, 'text', Buffer.from(value), 'Asia/Tokyo')
    expect(inTokyo(TIMESTAMPTZ, '2024-01-02 10:00')).toEqual(
      asText('2024-01-02 10:00:00 Asia/Tokyo'),
    )
    expect(inTokyo(TIMESTAMPTZ, '2024-01-02 10:00Z')).toEqual(asText('2024-01-02 10:00:00+00'))
    expect(inTokyo(TIMESTAMPTZ, 'infinity')).toEqual(asText('infinity'))
    expect(inTokyo(TIMESTAMP, '2024-01-02 10:00')).toEqual(asText('2024-01-02 10:00:00'))
    expect(inTokyo(TIMESTAMPTZ_ARRAY, '{2024-01-02,NULL}')).toEqual(
      asText('["2024-01-02 00:00:00 Asia/Tokyo", NULL]'),
    )
  })

  test('integers keep all digits and stay in the range of their type', () => {
    expect(text(INT8, '-9223372036854775808')).toEqual({ kind: 'bigint', value: -(2n ** 63n) })
    expect(text(INT4, ' +012 ')).toEqual({ kind: 'bigint', value: 12n })
    expect(text(OID, '4294967295')).toEqual({ kind: 'bigint', value: 4294967295n })
    expect(() => text(INT8, '9223372036854775808')).toThrow(/out of range for type bigint/)
    expect(() => text(INT2, '32768')).toThrow(/out of range/)
    expect(() => text(OID, '-1')).toThrow(/out of range/)
    expect(() => text(INT4, '9'.repeat(100))).toThrow(/out of range/)
    expect(() => text(INT4, '1e3')).toThrow(/invalid input syntax for type integer/)
    expect(() => text(INT4, '')).toThrow(/invalid input syntax/)
  })

  test('booleans in every spelling of PostgreSQL', () => {
    for (const word of ['t', 'TRUE', ' yes ', 'on', '1', 'tr']) {
      expect(text(BOOL, word)).toEqual({ kind: 'boolean', value: true })
    }
    for (const word of ['f', 'False', 'no', 'off', '0', 'of']) {
      expect(text(BOOL, word)).toEqual({ kind: 'boolean', value: false })
    }
    for (const word of ['o', '2', 'truex', '']) expect(() => text(BOOL, word)).toThrow(/boolean/)
  })

  test('doubles, and floats as text so that they are rounded once', () => {
    expect(text(FLOAT8, '-1.5e-300')).toEqual({ kind: 'double', value: -1.5e-300 })
    expect(text(FLOAT8, 'nan')).toEqual({ kind: 'double', value: Number.NaN })
    expect(text(FLOAT8, '-Infinity')).toEqual({ kind: 'double', value: -Infinity })
    expect(text(FLOAT4, ' 1.1 ')).toEqual(asText('1.1'))
    expect(() => text(FLOAT8, '1e999')).toThrow(/out of range/)
    expect(() => text(FLOAT4, '1e39')).toThrow(/out of range/)
    expect(() => text(FLOAT8, '0x10')).toThrow(/double precision/)
  })

  test('numerics are exact, or refused', () => {
    expect(text(NUMERIC, '12.50')).toEqual(asText('12.5'))
    expect(text(NUMERIC, '-.5e-3')).toEqual(asText('-0.0005'))
    expect(text(NUMERIC, '1e27')).toEqual(asText(`1${'0'.repeat(27)}`))
    expect(text(NUMERIC, '0.00000000000')).toEqual(asText('0'))
    expect(() => text(NUMERIC, '1e28')).toThrow(/out of range/)
    expect(() => text(NUMERIC, '0.00000000001')).toThrow(/out of range/)
    expect(() => text(NUMERIC, 'NaN')).toThrow(/out of range/)
    expect(() => text(NUMERIC, '.')).toThrow(/invalid input syntax/)
  })

  test('binary strings in hexadecimal and in the escape format', () => {
    const bytes = (...values: number[]) => ({ kind: 'blob', value: Uint8Array.from(values) })
    expect(text(BYTEA, '\\xDE aD')).toEqual(bytes(0xde, 0xad))
    expect(text(BYTEA, 'a\\\\\\377é')).toEqual(bytes(0x61, 0x5c, 0xff, 0xc3, 0xa9))
    for (const wrong of ['\\xa', '\\xzz', '\\9', '\\400', 'a\\']) {
      expect(() => text(BYTEA, wrong)).toThrow(/bytea/)
    }
  })

  test('dates and timestamps take the engine’s spelling', () => {
    expect(text(DATE, '2024-01-02 +00')).toEqual(asText('2024-01-02'))
    expect(text(DATE, '1970-01-01 00:00:00+00')).toEqual(asText('1970-01-01'))
    expect(text(DATE, '0044-03-15 BC')).toEqual(asText('0044-03-15 (BC)'))
    expect(text(TIMESTAMP, '2024-01-02')).toEqual(asText('2024-01-02 00:00:00'))
    expect(text(TIMESTAMPTZ, '2024-01-02T10:00Z')).toEqual(asText('2024-01-02 10:00:00+00'))
    expect(text(TIMESTAMPTZ, '2024-01-02 10:00:00.5+0530')).toEqual(
      asText('2024-01-02 10:00:00.5+05:30'),
    )
    expect(text(TIMESTAMPTZ, '0044-03-15 01:02:03+00 BC')).toEqual(
      asText('0044-03-15 (BC) 01:02:03+00'),
    )
    expect(text(TIMESTAMPTZ, '-Infinity')).toEqual(asText('-infinity'))
    expect(text(TIMESTAMPTZ, 'epoch')).toEqual(asText('1970-01-01 00:00:00+00'))
  })

  test('a timestamp without time zone takes no notice of a zone, as in PostgreSQL', () => {
    expect(text(TIMESTAMP, '2024-01-02 10:00:00+05')).toEqual(asText('2024-01-02 10:00:00'))
  })

  test('dates and times that are not ISO are refused with a hint', () => {
    for (const oid of [DATE, TIMESTAMP, TIMESTAMPTZ, TIME, TIMETZ]) {
      expect(() => text(oid, '01/02/2024')).toThrow(
        expect.objectContaining({
          kind: 'invalid_datetime_format',
          hint: expect.stringContaining('ISO 8601'),
        }),
      )
    }
  })

  test('a time with time zone needs its offset', () => {
    expect(text(TIMETZ, '10:00+02')).toEqual(asText('10:00:00+02'))
    expect(text(TIME, '10:00+02')).toEqual(asText('10:00:00'))
    expect(() => text(TIMETZ, '10:00')).toThrow(/time with time zone/)
  })

  test('intervals of both styles', () => {
    expect(text(INTERVAL, '-1 mons +2 days -00:00:01')).toEqual(asText('-1 mons 2 days -00:00:01'))
    expect(text(INTERVAL, 'P1Y-2M3DT4H5M6.7S')).toEqual(
      asText('1 years -2 months 3 days 4 hours 5 minutes 6.7 seconds'),
    )
    for (const wrong of ['P', 'PT', 'P1X', "1 day'"]) {
      expect(() => text(INTERVAL, wrong)).toThrow(/interval/)
    }
  })

  test('array literals become the engine’s lists', () => {
    expect(text(INT4_ARRAY, ' { 1 ,NULL, 3 } ')).toEqual(asText('["1", NULL, "3"]'))
    expect(text(INT4_ARRAY, '{}')).toEqual(asText('[]'))
    expect(text(INT4_ARRAY, '{{1},{2}}')).toEqual(asText('[["1"], ["2"]]'))
    expect(text(BOOL_ARRAY, '{t,off}')).toEqual(asText('["true", "false"]'))
    expect(text(TEXT_ARRAY, '{"a b",b c , "NULL",\\NULL,null,"","x\\"y\\\\"}')).toEqual(
      asText('["a b", "b c", "NULL", "NULL", NULL, "", "x\\"y\\\\"]'),
    )
    expect(text(BYTEA_ARRAY, '{"\\\\x01ff"}')).toEqual(asText('["\\\\x01\\\\xff"]'))
    expect(text(JSON_ARRAY, '{"{\\"a\\":1}",NULL}')).toEqual(asText('[{"a":1}, null]'))
  })

  test('a broken array literal is refused, and so is a broken element', () => {
    for (const wrong of ['', '1', '{', '{1', '{1}}', '{1,}', '{,}', '{"1"2}', '{1"2"}', '{a\\']) {
      expect(() => text(INT4_ARRAY, wrong)).toThrow(/malformed array literal/)
    }
    expect(() => text(INT4_ARRAY, '{x}')).toThrow(/integer/)
    expect(() => text(JSON_ARRAY, '{"1,2"}')).toThrow(/json/)
    expect(() => text(INT4_ARRAY, '[0:1]={1,2}')).toThrow(/bounds/)
    expect(() => text(INT4_ARRAY, '{'.repeat(1e5))).toThrow(/malformed/)
  })

  test('an undeclared or unknown type is text as it stands', () => {
    expect(text(0, 'x')).toEqual(asText('x'))
    expect(text(TEXT, '')).toEqual(asText(''))
    expect(text(99999, 'x')).toEqual(asText('x'))
  })

  test('bytes that are no text are refused', () => {
    expect(() => decodeParameter(TEXT, 'text', Uint8Array.of(0xff), '')).toThrow(/UTF-8/)
    expect(() => text(TEXT, 'a\0b')).toThrow(/zero byte/)
  })

  test('an error never quotes the value', () => {
    for (const oid of [BOOL, INT4, FLOAT8, NUMERIC, DATE, TIMETZ, INTERVAL, INT4_ARRAY]) {
      expect(() => text(oid, 'secret;')).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('secret') }),
      )
    }
  })

  test('long hostile texts take no long time', () => {
    const started = performance.now()
    const long = 2_000_000
    const texts = [
      ' '.repeat(long),
      `{${'a '.repeat(long)}"`,
      '1'.repeat(long),
      `{${'\\'.repeat(long)}`,
    ]
    for (const oid of [INT4, FLOAT8, NUMERIC, DATE, TIMESTAMPTZ, INTERVAL, BOOL, TEXT_ARRAY]) {
      for (const hostile of texts) expect(() => text(oid, `${hostile}x`)).toThrow(GatewayError)
    }
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('binary', () => {
  test('numbers in network order', () => {
    expect(binary(INT2, 'fffe')).toEqual({ kind: 'bigint', value: -2n })
    expect(binary(INT4, '80000000')).toEqual({ kind: 'bigint', value: -(2n ** 31n) })
    expect(binary(INT8, '7fffffffffffffff')).toEqual({ kind: 'bigint', value: 2n ** 63n - 1n })
    expect(binary(OID, 'ffffffff')).toEqual({ kind: 'bigint', value: 4294967295n })
    expect(binary(FLOAT4, '3fc00000')).toEqual({ kind: 'double', value: 1.5 })
    expect(binary(FLOAT8, '3ff8000000000000')).toEqual({ kind: 'double', value: 1.5 })
    expect(binary(BOOL, '01')).toEqual({ kind: 'boolean', value: true })
  })

  test('numerics, digit by digit', () => {
    expect(binary(NUMERIC, '0003 0001 0000 0002 0001 0929 1388'.replaceAll(' ', ''))).toEqual(
      asText('12345.5'),
    )
    expect(binary(NUMERIC, '0001ffff400000040001')).toEqual(asText('-0.0001'))
    expect(binary(NUMERIC, '0001000200000000000c')).toEqual(asText('1200000000'))
    expect(binary(NUMERIC, '0000000000000000')).toEqual(asText('0'))
    expect(() => binary(NUMERIC, '00000000c0000000')).toThrow(/out of range/) // NaN
    expect(binary(NUMERIC, '00010006000000000001')).toEqual(asText(`1${'0'.repeat(24)}`))
    expect(() => binary(NUMERIC, '00010007000000000001')).toThrow(/out of range/)
    expect(() => binary(NUMERIC, '00017fff000000000001')).toThrow(/out of range/)
    expect(() => binary(NUMERIC, '0001000000000000ffff')).toThrow(/numeric/)
    expect(() => binary(NUMERIC, '00020000000000000001')).toThrow(/numeric/)
  })

  test('texts, documents and bytes', () => {
    expect(binary(TEXT, 'c3a9')).toEqual(asText('é'))
    expect(binary(JSONB, '017b7d')).toEqual(asText('{}'))
    expect(binary(BYTEA, '00ff')).toEqual({ kind: 'blob', value: Uint8Array.of(0, 255) })
    expect(binary(VARBIT, '00000009a080')).toEqual(asText('101000001'))
    expect(binary(UUID, '00112233445566778899aabbccddeeff')).toEqual(
      asText('00112233445566778899aabbccddeeff'),
    )
    expect(() => binary(JSONB, '027b7d')).toThrow(/jsonb/)
    expect(() => binary(TEXT, '6100')).toThrow(/zero byte/)
    expect(() => binary(VARBIT, 'ffffffff')).toThrow(/bit/)
  })

  test('dates, times and intervals', () => {
    expect(binary(DATE, '00000000')).toEqual(asText('2000-01-01'))
    expect(binary(DATE, '7fffffff')).toEqual(asText('infinity'))
    expect(binary(DATE, 'fff49d7b')).toEqual(asText('0044-03-15 (BC)'))
    expect(binary(TIME, '00000000000f4240')).toEqual(asText('00:00:01'))
    expect(binary(TIMETZ, '00000000000f4240ffffe3e0')).toEqual(asText('00:00:01+02'))
    expect(binary(TIMESTAMP, 'ffffffffffffffff')).toEqual(asText('1999-12-31 23:59:59.999999'))
    expect(binary(TIMESTAMPTZ, '0000000000000001')).toEqual(asText('2000-01-01 00:00:00.000001+00'))
    expect(binary(TIMESTAMPTZ, '8000000000000000')).toEqual(asText('-infinity'))
    expect(binary(INTERVAL, 'fffffffffffffff9fffffffd00000005')).toEqual(
      asText('5 months -3 days -7 microseconds'),
    )
    expect(() => binary(TIME, 'ffffffffffffffff')).toThrow(/time/)
  })

  test('arrays of one and of several dimensions', () => {
    const head = '00000001 00000001 00000017 00000002 00000001'
    expect(binary(INT4_ARRAY, `${head} 00000004 00000007 ffffffff`.replaceAll(' ', ''))).toEqual(
      asText('["7", NULL]'),
    )
    expect(binary(INT4_ARRAY, '000000000000000000000017')).toEqual(asText('[]'))
    const two = '00000002 00000000 00000017 00000001 00000001 00000002 00000001'
    const values = '00000004 00000001 00000004 00000002'
    expect(binary(INT4_ARRAY, `${two} ${values}`.replaceAll(' ', ''))).toEqual(
      asText('[["1", "2"]]'),
    )
  })

  test('hostile counts in arrays are refused before memory is asked for', () => {
    const head = '00000001 00000000 00000017'
    for (const [length, bound] of [
      ['7fffffff', '00000001'],
      ['ffffffff', '00000001'],
      ['00000000', '00000001'],
      ['00000001', '00000000'],
    ]) {
      expect(() => binary(INT4_ARRAY, `${head}${length}${bound}`.replaceAll(' ', ''))).toThrow(
        GatewayError,
      )
    }
    expect(() => binary(INT4_ARRAY, '7fffffff0000000000000017')).toThrow(/array/)
    expect(() => binary(INT4_ARRAY, '000000000000000000000019')).toThrow(/array/) // text in int4[]
  })

  test('bytes too few or too many are refused', () => {
    expect(() => binary(INT4, '0001')).toThrow(/2 are left/)
    expect(() => binary(INT4, '0000000100')).toThrow(/1 bytes after/)
    expect(() => binary(0, '00')).toThrow(/Send the parameter as text|OID 0/)
  })

  test('no bytes make it throw anything but a GatewayError', () => {
    const oids = [INT4, NUMERIC, DATE, TIMETZ, INTERVAL, VARBIT, INT4_ARRAY, TEXT_ARRAY, JSONB]
    fc.assert(
      fc.property(fc.constantFrom(...oids), fc.uint8Array({ maxLength: 40 }), (oid, bytes) => {
        let thrown: unknown
        try {
          decodeParameter(oid, 'binary', bytes, '')
        } catch (error) {
          thrown = error
        }
        expect(thrown === undefined || thrown instanceof GatewayError).toBe(true)
      }),
    )
  })
})

test('declared types have the engine’s names, and undeclared ones none', () => {
  expect(typeNameOfOid(INT8)).toBe('BIGINT')
  expect(typeNameOfOid(1043)).toBe('VARCHAR')
  expect(typeNameOfOid(NUMERIC)).toBe('DECIMAL(38,10)')
  expect(typeNameOfOid(TIMESTAMPTZ)).toBe('TIMESTAMP WITH TIME ZONE')
  expect(typeNameOfOid(TEXT_ARRAY)).toBe('VARCHAR[]')
  expect(typeNameOfOid(0)).toBeUndefined()
  expect(typeNameOfOid(705)).toBeUndefined()
})

test('inferred types are announced under their OIDs', () => {
  expect(oidOfTypeName('BIGINT')).toBe(INT8)
  expect(oidOfTypeName('DECIMAL(10,2)')).toBe(NUMERIC)
  expect(oidOfTypeName('INTEGER[]')).toBe(INT4_ARRAY)
  expect(oidOfTypeName('STRUCT(a INTEGER)')).toBe(TEXT)
  expect(oidOfTypeName('GEOMETRY')).toBe(TEXT)
})
