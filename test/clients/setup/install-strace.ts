import { installSystemTool } from './install-system-tool.ts'

/** The path of strace. @throws Error that says how to get it. */
export function installStrace(): string {
  return installSystemTool({
    commands: ['strace'],
    packages: ['strace'],
    otherwise: 'any package that brings strace 5.3 or later; Linux only',
  })
}
