/** Where a setting was given, as found: nothing is checked yet. */
export interface GivenSetting {
  /** A setting's name, or what somebody took for one. */
  readonly name: string
  /** A string, or what JSON.parse gave. */
  readonly raw: unknown
  /** For people: `variable BLUEGATE_PG_PORT`, `bluegate.json`, `flag --pg-port`. */
  readonly origin: string
}

/** One thing that is wrong, and what to do. */
export interface ConfigMistake {
  readonly setting: string
  readonly origin: string
  /** As given, cut for display; undefined where nothing was given. */
  readonly value: string | undefined
  readonly fix: string
}

const SHOWN_CHARACTERS_MAX = 80

export function showValue(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw)
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text
}

/** All mistakes as one text, one paragraph each. */
export function describeMistakes(mistakes: readonly ConfigMistake[]): string {
  const lines = mistakes.map(({ setting, origin, value, fix }) => {
    const given = value === undefined ? '' : ` = ${JSON.stringify(value)}`
    return `  ${setting}${given}  (${origin})\n      ${fix}`
  })
  const count = mistakes.length === 1 ? 'One setting is' : `${mistakes.length} settings are`
  return [`${count} wrong; nothing was done.`, ...lines].join('\n')
}
