/**
 * One request or reply of a driver program: a line of fields, separated by tabs and escaped as in
 * PostgreSQL's COPY text format. Java, Python and TypeScript each read it in ten lines.
 */
export type Field = string | null

export function formatLine(fields: readonly Field[]): string {
  return fields.map((field) => (field === null ? '\\N' : escape(field))).join('\t')
}

export function parseLine(line: string): Field[] {
  return line.split('\t').map((field) => (field === '\\N' ? null : unescape(field)))
}

function escape(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => {
    if (letter === 't') return '\t'
    if (letter === 'n') return '\n'
    return letter === 'r' ? '\r' : letter
  })
}
