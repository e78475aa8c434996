/** Grants of the gate's fixtures, for a gateway. */

/** `SELECT ON master.public.people (id, name)` as GRANT spells it. */
export function spelledOut(grant: string): string {
  const [permission = '', target = ''] = grant.split(' ON ')
  if (/^(LOCATION|FUNCTION|SEQUENCE) /.test(target)) return grant
  const columns = /^(\S+) \((.+)\)$/.exec(target)
  if (columns) return `${permission} ON COLUMN ${columns[2]} IN TABLE ${columns[1]}`
  const kind = ['DATABASE', 'SCHEMA', 'TABLE'][target.split('.').length - 1]
  return `${permission} ON ${kind} ${target}`
}
