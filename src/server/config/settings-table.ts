/** The table of settings in docs/configuration.md, made from the settings themselves. */
import { CONFIG_KEYS, CONFIG_NAMES, variableName } from './config-keys.ts'

export function settingsTable(): string {
  const rows = CONFIG_NAMES.map((name) => {
    const { default: text, reader, about } = CONFIG_KEYS[name]
    const shown = text === undefined || text === '' ? '' : `\`${text}\``
    return `| \`${name}\` \`${variableName(name)}\` | ${about} | ${reader.form} | ${shown} |`
  })
  const head = [
    '| Setting and variable | What it is | Form | Default |',
    '| --- | --- | --- | --- |',
  ]
  return [...head, ...rows].join('\n')
}
