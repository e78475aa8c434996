/** Names for a table's columns, from those in a file: each there, printable, and once. */

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu
const CHARACTERS_MAX = 255

export function columnNames(inFile: readonly (string | undefined)[]): string[] {
  const taken = new Set<string>()
  return inFile.map((text, at) => {
    const clean = (text ?? '')
      .replaceAll(UNPRINTABLE, ' ')
      .trim()
      .slice(0, CHARACTERS_MAX - 10)
    const base = clean === '' ? `column_${at + 1}` : clean
    let name = base
    for (let again = 2; taken.has(name.toLowerCase()); again += 1) name = `${base}_${again}`
    taken.add(name.toLowerCase())
    return name
  })
}
