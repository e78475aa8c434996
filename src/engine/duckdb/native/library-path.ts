/**
 * Where the engine's library is: inside the npm package of this platform, which ships it ready made.
 *
 * The package is an optional dependency, so that each platform installs its own. It is looked up by
 * its manifest because it exports nothing that this program wants to load as JavaScript.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { GatewayError } from '../../../base/gateway-error.ts'

const FILE_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libduckdb.so',
  darwin: 'libduckdb.dylib',
  win32: 'duckdb.dll',
}

/** @throws GatewayError `feature_not_supported` on a platform without the library. */
export function libraryPath(
  platform: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
  resolve: (specifier: string) => string = createRequire(import.meta.url).resolve,
): string {
  const fileName = FILE_NAMES[platform]
  const packageName = `@duckdb/node-bindings-${platform}-${architecture}`
  if (fileName !== undefined) {
    try {
      return join(dirname(resolve(`${packageName}/package.json`)), fileName)
    } catch {
      // Reported below, as for a platform that is not known at all.
    }
  }
  throw new GatewayError(
    'feature_not_supported',
    `the DuckDB library for ${platform} on ${architecture} is not installed`,
    { hint: `Install the npm package ${packageName} (npm ci --include=optional).` },
  )
}
