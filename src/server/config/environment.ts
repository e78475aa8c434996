/** The only reader of the process's environment. */
import { CONFIG_NAMES, variableName } from './config-keys.ts'
import type { GivenSetting } from './config-source.ts'

const PREFIX = 'BLUEGATE_'

/** Names the config file; not a setting that a config file could hold. */
const CONFIG_FILE_VARIABLE = 'BLUEGATE_CONFIG'

/** For the command line, to show a gateway on another machine. No setting either. */
const TOKEN_VARIABLE = 'BLUEGATE_TOKEN'

const NO_SETTINGS: ReadonlySet<string> = new Set([CONFIG_FILE_VARIABLE, TOKEN_VARIABLE])

export interface Environment {
  readonly configFile: string | undefined
  readonly token: string | undefined
  /** Of every BLUEGATE_ variable; a name that is none of ours is given as it is. */
  readonly settings: readonly GivenSetting[]
}

export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const byVariable = new Map(CONFIG_NAMES.map((name) => [variableName(name), name]))
  const settings = Object.entries(variables).flatMap(([variable, raw]) =>
    variable.startsWith(PREFIX) && !NO_SETTINGS.has(variable) && raw !== undefined
      ? [{ name: byVariable.get(variable) ?? variable, raw, origin: `variable ${variable}` }]
      : [],
  )
  return {
    configFile: variables[CONFIG_FILE_VARIABLE],
    token: variables[TOKEN_VARIABLE],
    settings,
  }
}
