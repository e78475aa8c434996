/** The files of `databases.attached`, looked at: for the start of a gateway, which is to read them. */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { GatewayError } from '../../base/gateway-error.ts'
import type { CatalogSnapshot } from '../../catalog/catalog-snapshot.ts'
import { isReservedName } from '../../gate/new-name.ts'
import type { Config } from './config-keys.ts'
import type { ConfigMistake } from './config-source.ts'
import { isInside } from './path-inside.ts'
import type { NamedFile } from './value-readers.ts'

type Named = Pick<Config, 'databases.attached'>

/** As realpaths. @throws of the file system for one that is not there (`attachedMistakes` says so before). */
export function realAttached({ 'databases.attached': files }: Named): NamedFile[] {
  return files.map(({ name, file }) => ({ name, file: realpathSync(file) }))
}

/** All that is wrong with them, each with its fix. */
export function attachedMistakes(
  config: Named & Pick<Config, 'dataDir' | 'secretsDir'>,
  origin: string,
): ConfigMistake[] {
  return config['databases.attached'].flatMap(({ name, file }) => {
    const fix =
      name === 'master' || isReservedName(name)
        ? 'choose another name: this one is taken by the system'
        : fileMistake(file, config)
    return fix === undefined
      ? []
      : [{ setting: `databases.attached.${name}`, origin, value: file, fix }]
  })
}

function fileMistake(
  file: string,
  { dataDir, secretsDir }: Pick<Config, 'dataDir' | 'secretsDir'>,
): string | undefined {
  const real = readableFile(file)
  if (real === undefined) return 'give a DuckDB file that exists, and that this user may read'
  if ([dataDir, secretsDir].some((directory) => isInside(real, realOf(directory)))) {
    return 'give a file outside of the data directory and of the directory of the keys'
  }
  // to read it the engine would have to write what is in the log
  if (existsSync(`${real}.wal`)) {
    return 'let the program that writes it close it first: its log (.wal) is still there'
  }
  return undefined
}

function readableFile(file: string): string | undefined {
  try {
    const real = realpathSync(file)
    accessSync(real, constants.R_OK)
    return statSync(real).isFile() ? real : undefined
  } catch {
    return undefined
  }
}

function realOf(directory: string): string {
  try {
    return realpathSync(directory)
  } catch {
    return directory // it is still to be made
  }
}

/**
 * Of a schema and a database of one name, `name.x` would be a table of the one and a schema of the
 * other.
 *
 * @throws GatewayError `invalid_parameter_value` that names the setting.
 */
export function checkAttachedNames({ databases, schemas }: CatalogSnapshot): void {
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
  for (const schema of schemas) {
    const clash = databases.find(({ name }) => isSame(name, schema.name))
    const attached = [schema.database, clash].find((database) => database?.readOnly)
    if (!clash || !attached) continue
    throw new GatewayError(
      'invalid_parameter_value',
      `databases.attached.${attached.name}: the schema ${schema.database.name}.${schema.name} has the name of a database`,
      { hint: 'Attach the file under another name, or rename the schema.' },
    )
  }
}
