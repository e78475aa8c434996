/** The only reader of the process's environment. */
import { CONFIG_NAMES, variableName } from './config-keys.ts'
import type { GivenSetting } from './config-source.ts'

const PREFIX = 'BLUEGATE_'

/** Names the config file; not a setting that a config file could hold. */
const CONFIG_FILE_VARIABLE = 'BLUEGATE_CONFIG'

export interface Environment {
  readonly configFile: string | undefined
  /** Of every BLUEGATE_ variable; a name that is none of ours is given as it is. */
  readonly settings: readonly GivenSetting[]
}

export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const byVariable = new Map(CONFIG_NAMES.map((name) => [variableName(name), name]))
  const settings = Object.entries(variables).flatMap(([variable, raw]) =>
    variable.startsWith(PREFIX) && variable !== CONFIG_FILE_VARIABLE && raw !== undefined
      ? [{ name: byVariable.get(variable) ?? variable, raw, origin: `variable ${variable}` }]
      : [],
  )
  return { configFile: variables[CONFIG_FILE_VARIABLE], settings }
}
