import { eitherOf, endOf, NO_OWN_TIME, type OwnTime } from '../own-time.ts'
import type { Search } from './search-query.ts'
import type { Expression, Select } from './statement.ts'

/** The time of a log in seconds; the only name of it that a time range of SLS means. */
const TIME = '__time__'

/** Which ends of the time range a search sets itself, with `__time__` compared to numbers. */
export function searchOwnTime(search: Search): OwnTime {
  if (search.type === 'and') return search.items.map(searchOwnTime).reduce(eitherOf, NO_OWN_TIME)
  if (!('key' in search) || search.key?.text.toLowerCase() !== TIME) return NO_OWN_TIME
  if (search.type === 'range') return { from: true, to: true }
  return search.type === 'compare' ? endOf(search.operator, false) : NO_OWN_TIME
}

/**
 * The same of an analysis part: of its `where` where it reads the log itself. What stands inside a query in the place of
 * a table, a join or a union may read the log without a condition, so nothing is said of these.
 */
export function selectOwnTime({ from, where, union, with: names }: Select): OwnTime {
  const plain = (from === undefined || (from.type === 'table' && from.name.toLowerCase() === 'log')) && union === undefined
  return plain && names.length === 0 && where !== undefined ? conditionOf(where) : NO_OWN_TIME
}

function conditionOf(node: Expression): OwnTime {
  if (node.type === 'between')
    return !node.negated && isTime(node.operand) && [node.low, node.high].every(isFixed) ? { from: true, to: true } : NO_OWN_TIME
  if (node.type !== 'binary') return NO_OWN_TIME
  const { operator, left, right } = node
  if (operator.toLowerCase() === 'and') return eitherOf(conditionOf(left), conditionOf(right))
  if (isTime(left) && isFixed(right)) return endOf(operator, false)
  return isTime(right) && isFixed(left) ? endOf(operator, true) : NO_OWN_TIME
}

function isTime(node: Expression): boolean {
  if (node.type === 'call')
    return node.name.toLowerCase() === 'from_unixtime' && node.args.length === 1 && node.args.every(isTime)
  return node.type === 'column' && node.parts.at(-1)?.toLowerCase() === TIME
}

/** Numbers, texts, and what is computed of such: nothing that a row says. */
function isFixed(node: Expression): boolean {
  switch (node.type) {
    case 'string':
    case 'number':
    case 'constant':
    case 'interval':
      return true
    case 'unary':
    case 'cast':
      return isFixed(node.operand)
    case 'binary':
      return isFixed(node.left) && isFixed(node.right)
    case 'call':
      return node.args.every(isFixed)
    default:
      return false
  }
}
