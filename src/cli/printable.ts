/**
 * Text from outside, safe to show in a terminal.
 *
 * Names, statements and values may hold bytes that a terminal obeys (move the cursor, change the
 * title, hide text); they are shown as escapes instead.
 */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const COMMANDS_TO_TERMINALS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

export function printable(text: string): string {
  return text.replaceAll(COMMANDS_TO_TERMINALS, (character) =>
    character === '\t' ? '\\t' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
