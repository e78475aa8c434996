/**
 * Whether the regenerated text says what was checked.
 *
 * The engine prints a tree as text, and its printer has flaws: it does not quote the name in
 * `"a, b".*`, so a name could become an expression that nobody checked. The text is therefore
 * parsed again and its tree compared with the one that was checked, node for node.
 */
import { isObject } from './engine-json.ts'
import type { Json, JsonObject } from './engine-json.ts'
import { quoteName } from './quote-name.ts'
import { nodeOf, nodesOf, textOf } from './tree-node.ts'

export function sameTree(checked: Json | undefined, printed: Json | undefined): boolean {
  if (checked === printed) return true
  const a = plain(checked)
  const b = plain(printed)
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameTree(item, b[index]))
  }
  if (isObject(a) && isObject(b)) return sameNode(a, b)
  // Raw numbers are objects that print as their number.
  return a === b || (isNumber(a) && isNumber(b) && JSON.stringify(a) === JSON.stringify(b))
}

function sameNode(checked: JsonObject, printed: JsonObject): boolean {
  let left = 0
  for (const name in checked) {
    if (name === 'query_location') continue
    left += 1
    if (!(name in printed)) return false
    const same =
      name === 'relation_name'
        ? sameRelation(textOf(checked, name), textOf(printed, name))
        : sameTree(checked[name], printed[name])
    if (!same) return false
  }
  for (const name in printed) if (name !== 'query_location') left -= 1
  return left === 0
}

/** The checked tree has the name in `t.*` with the quotes that the printer would leave out. */
function sameRelation(checked: string, printed: string): boolean {
  return checked === (printed === '' ? '' : quoteName(printed))
}

function isNumber(value: Json | undefined): boolean {
  return typeof value === 'number' || (typeof value === 'object' && value !== null)
}

/** `VALUES …` comes back inside more of `SELECT * FROM (…) AS valueslist`: the same rows. */
function plain(value: Json | undefined): Json | undefined {
  if (!isObject(value) || value['type'] !== 'SUBQUERY' || value['alias'] !== 'valueslist') {
    return value
  }
  const query = nodeOf(nodeOf(value, 'subquery') ?? {}, 'node')
  const from = plain(query && nodeOf(query, 'from_table')) // once more for each time it was printed
  if (!query || !isObject(from) || from['type'] !== 'EXPRESSION_LIST') return value
  return isBareStar(query) && nodesOf(value, 'column_name_alias').length === 0 ? from : value
}

/** Whether a query node is `SELECT *` with no clause but FROM. */
export function isBareStar(query: JsonObject): boolean {
  const [star, second] = nodesOf(query, 'select_list')
  const bare = ['modifiers', 'group_expressions', 'group_sets'].every(
    (name) => Array.isArray(query[name]) && query[name].length === 0,
  )
  const absent = ['where_clause', 'having', 'sample', 'qualify'].every(
    (name) => query[name] === null,
  )
  const ctes = nodesOf(nodeOf(query, 'cte_map') ?? {}, 'map')
  return (
    bare &&
    absent &&
    ctes.length === 0 &&
    second === undefined &&
    star?.['class'] === 'STAR' &&
    star['expr'] === null &&
    textOf(star, 'relation_name') === '' &&
    ['exclude_list', 'replace_list', 'qualified_exclude_list', 'rename_list'].every(
      (name) => Array.isArray(star[name]) && star[name].length === 0,
    )
  )
}
