/**
 * The engine's JSON, read without losing a digit.
 *
 * `JSON.parse` alone would round integers beyond 2^53 and print doubles anew, and the regenerated
 * text would then say something else than the client did. Such numbers are kept as raw text.
 */
import { GatewayError } from '../base/gateway-error.ts'

export type Json = null | boolean | number | string | Json[] | JsonObject
/** A number that must keep its spelling is an object too: see `isRawNumber`. */
export interface JsonObject {
  [key: string]: Json
}

/** What stands for "this node came from nowhere in the text"; texts are shorter than that. */
export const NO_LOCATION = 999_999_999_999

/** The engine's "none" for a location: 2^64 - 1, on every third node. */
const NONE = '"query_location":18446744073709551615'
const AT_RISK = /[0-9]{16}|[0-9][.eE]/

const raw = JSON as unknown as {
  rawJSON(text: string): JsonObject
  isRawJSON(value: unknown): boolean
}

/** @throws GatewayError `numeric_value_out_of_range`: the engine writes `Infinity`, which is no JSON. */
export function parseEngineJson(text: string): Json {
  // The quotes of the key cannot occur so inside a JSON string: there they are escaped.
  const readable = text.replaceAll(NONE, `"query_location":${NO_LOCATION}`)
  try {
    const parsed: unknown = AT_RISK.test(readable)
      ? JSON.parse(readable, keepSpelling)
      : JSON.parse(readable)
    return parsed as Json // what JSON.parse returns, plus raw numbers
  } catch (cause) {
    throw new GatewayError('numeric_value_out_of_range', 'a number is out of range', { cause })
  }
}

/**
 * A bound plan: only read, never printed again, so a number beyond 2^53 may be rounded.
 *
 * @throws GatewayError as `parseEngineJson`.
 */
export function parsePlanJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (cause) {
    throw new GatewayError('numeric_value_out_of_range', 'a number is out of range', { cause })
  }
}

/** Gives raw numbers back as they were. */
export function toEngineJson(value: Json): string {
  return JSON.stringify(value)
}

export function isRawNumber(value: Json | undefined): boolean {
  return raw.isRawJSON(value)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
}

function keepSpelling(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined) return value
  // 100.0 is a double to the engine, 100 is none
  return Number.isSafeInteger(value) && /^-?[0-9]+$/.test(source) ? value : raw.rawJSON(source)
}
