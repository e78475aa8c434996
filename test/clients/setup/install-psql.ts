import { installSystemTool } from './install-system-tool.ts'

/** The path of psql. @throws Error that says how to get it. */
export function installPsql(): string {
  return installSystemTool({
    commands: ['psql'],
    packages: ['postgresql-client'],
    otherwise: 'any package that brings psql',
  })
}
