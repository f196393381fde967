import { eitherOf, endOf, NO_OWN_TIME, type OwnTime } from '../own-time.ts'
import type { Search } from './search-query.ts'
import type { Expression, Select } from './statement.ts'

/** The time of a log in seconds; the only name of it that a time range of SLS means. */
const TIME = '__time__'

/** A condition on the time that every row fulfils. */
interface TimeCondition {
  /** `=`, or one of the four that say an order. */
  readonly operator: string
  /** Unix seconds; undefined where they are not written as a number. */
  readonly seconds: number | undefined
}

/** What a query says of time itself: which ends it sets, and the seconds outside of which it finds nothing, where these are known. */
export interface SlsOwnTime extends OwnTime {
  readonly fromSeconds: number | undefined
  /** The first second that no longer counts. */
  readonly toSeconds: number | undefined
}

/** Which ends of the time range a search and its analysis part set, with `__time__` compared to what is the same for all rows. */
export function slsOwnTime(search: Search, statement: Select | undefined): SlsOwnTime {
  const all = [...ofSearch(search), ...(statement === undefined ? [] : ofSelect(statement))]
  const ends = all.map(({ operator }) => endOf(operator, false)).reduce(eitherOf, NO_OWN_TIME)
  const lower = all.flatMap(({ operator, seconds }) => (seconds !== undefined && endOf(operator, false).from ? [seconds] : []))
  const upper = all.flatMap(({ operator, seconds }) => (seconds !== undefined && endOf(operator, false).to ? [seconds] : []))
  return {
    ...ends,
    // A second wider than what is asked is no fault: the condition itself stays in the query.
    fromSeconds: lower.length === 0 ? undefined : Math.floor(Math.max(...lower)),
    toSeconds: upper.length === 0 ? undefined : Math.floor(Math.min(...upper)) + 1,
  }
}

function ofSearch(search: Search): TimeCondition[] {
  if (search.type === 'and') return search.items.flatMap(ofSearch)
  if (!('key' in search) || search.key?.text.toLowerCase() !== TIME) return []
  if (search.type === 'compare') return [{ operator: search.operator, seconds: secondsOf(search.value) }]
  if (search.type !== 'range') return []
  return [
    { operator: '>=', seconds: secondsOf(search.low.value) },
    { operator: '<=', seconds: secondsOf(search.high.value) },
  ]
}

/**
 * The conditions of an analysis part: of its `where` where it reads the log itself. What stands inside a query in the place
 * of a table, a join or a union may read the log without a condition, so nothing is said of these.
 */
function ofSelect({ from, where, union, with: names }: Select): TimeCondition[] {
  const plain = (from === undefined || (from.type === 'table' && from.name.toLowerCase() === 'log')) && union === undefined
  return plain && names.length === 0 && where !== undefined ? ofCondition(where) : []
}

const FLIPPED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=' }

function ofCondition(node: Expression): TimeCondition[] {
  if (node.type === 'between') {
    if (node.negated || !isTime(node.operand) || ![node.low, node.high].every(isFixed)) return []
    return [
      { operator: '>=', seconds: secondsBeside(node.operand, node.low) },
      { operator: '<=', seconds: secondsBeside(node.operand, node.high) },
    ]
  }
  if (node.type !== 'binary') return []
  const { operator, left, right } = node
  if (operator.toLowerCase() === 'and') return [...ofCondition(left), ...ofCondition(right)]
  if (isTime(left) && isFixed(right)) return [{ operator, seconds: secondsBeside(left, right) }]
  return isTime(right) && isFixed(left) ? [{ operator: FLIPPED[operator] ?? '', seconds: secondsBeside(right, left) }] : []
}

/** A number that stands beside the time is seconds; beside a call of it, it is something else. */
const secondsBeside = (time: Expression, value: Expression): number | undefined =>
  time.type === 'column' && value.type === 'number' ? secondsOf(value.value) : undefined

function secondsOf(text: string): number | undefined {
  const seconds = Number(text)
  // Times that the engine's type holds; others bound nothing here.
  return Number.isFinite(seconds) && seconds >= 0 && seconds < 4_000_000_000 ? seconds : undefined
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
