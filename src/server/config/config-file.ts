/** The config file: JSON, with settings as nested objects (`{"pg":{"port":5439}}`) or dotted names. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isConfigName } from './config-keys.ts'
import type { ConfigMistake, GivenSetting } from './config-source.ts'

/** Looked for in the working directory when no file was named. */
const DEFAULT_CONFIG_FILE = 'bluegate.json'

/** Settings of one file, or why it could not be read. */
export interface ConfigFile {
  readonly settings: readonly GivenSetting[]
  readonly mistakes: readonly ConfigMistake[]
}

/** @param named The file that was asked for; undefined: the default one, if it is there. */
export function readConfigFile(named: string | undefined): ConfigFile {
  const file = path.resolve(named ?? DEFAULT_CONFIG_FILE)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && named === undefined) return { settings: [], mistakes: [] }
    return unreadable(file, code === 'ENOENT' ? 'make the file, or name another one' : message)
  }
  return parseConfigFile(file, text)
}

export function parseConfigFile(file: string, text: string): ConfigFile {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return unreadable(file, `write JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
  if (!isObject(content)) return unreadable(file, 'write one JSON object with the settings')
  return { settings: flatten(content, '', file), mistakes: [] }
}

function unreadable(file: string, fix: string): ConfigFile {
  return {
    settings: [],
    mistakes: [{ setting: 'config file', origin: file, value: undefined, fix }],
  }
}

function flatten(content: Record<string, unknown>, prefix: string, origin: string): GivenSetting[] {
  return Object.entries(content).flatMap(([key, raw]) => {
    const name = `${prefix}${key}`
    return isObject(raw) && !isConfigName(name)
      ? flatten(raw, `${name}.`, origin)
      : [{ name, raw, origin }]
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
