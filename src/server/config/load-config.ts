/** The configuration of this process: flags over variables over the file over the defaults. */
import { GatewayError } from '../../base/gateway-error.ts'
import { attachedMistakes } from './attached-databases.ts'
import { readConfigFile } from './config-file.ts'
import type { Config } from './config-keys.ts'
import { describeMistakes } from './config-source.ts'
import type { GivenSetting } from './config-source.ts'
import { locationMistakes } from './locations.ts'
import { readEnvironment } from './environment.ts'
import { parseConfig } from './parse-config.ts'

/**
 * @param flags What the command line gave.
 * @param configFile `--config`; undefined: `BLUEGATE_CONFIG`, or bluegate.json if it is there.
 * @param purpose Whether the gateway is to start with it: then the files that it names must be there.
 * @throws GatewayError `invalid_parameter_value`, whose text lists every mistake with its fix.
 */
export function loadConfig(
  flags: readonly GivenSetting[],
  configFile?: string,
  purpose: 'start' | 'other' = 'other',
): Config {
  const environment = readEnvironment()
  const file = readConfigFile(configFile ?? environment.configFile)
  const given = [...file.settings, ...environment.settings, ...flags]
  const parsed = parseConfig(given)
  const originOf = (setting: string): string =>
    given.findLast(({ name }) => name === setting)?.origin ?? 'default'
  const mistakes = [
    ...file.mistakes,
    ...(parsed.ok ? [] : parsed.mistakes),
    ...(parsed.ok && purpose === 'start'
      ? [
          ...locationMistakes(parsed.config, originOf('locations')),
          ...attachedMistakes(parsed.config, originOf('databases.attached')),
        ]
      : []),
  ]
  if (mistakes.length > 0 || !parsed.ok) {
    throw new GatewayError('invalid_parameter_value', describeMistakes(mistakes))
  }
  return parsed.config
}
