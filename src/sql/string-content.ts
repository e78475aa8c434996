/** What is between the quotes of a string, with doubled quotes and escapes read. */

const SIMPLE: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

const ESCAPE =
  /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|([\s\S]))/g

/** @returns undefined when an escape stands for no character, or for NUL. */
export function stringContent(raw: string, escapes: boolean): string | undefined {
  const text = raw.replaceAll("''", "'")
  if (!escapes) return text
  let valid = true
  const content = text.replace(
    ESCAPE,
    (_, short?: string, long?: string, hex?: string, octal?: string, other?: string) => {
      if (other !== undefined) {
        if (other === 'u' || other === 'U') valid = false
        return SIMPLE[other] ?? other
      }
      const code = Number.parseInt(
        short ?? long ?? hex ?? octal ?? '',
        octal === undefined ? 16 : 8,
      )
      if (code === 0 || code > 0x10ffff) {
        valid = false
        return ''
      }
      return String.fromCodePoint(code)
    },
  )
  return valid ? content : undefined
}
