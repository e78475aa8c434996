import { installSystemTool } from './install-system-tool.ts'

/** The path of the browser. @throws Error that says how to get it. */
export function installChromium(): string {
  return installSystemTool({
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: ['chromium', 'fonts-dejavu-core'],
    otherwise: 'any package that brings a Chromium',
  })
}
