import { character, codepoint } from './codepoints.ts'
import { constant, type FunctionTable, type QueryFunction, scalar } from './query-function.ts'

const text = (x: string | undefined): string => `toString(${x})`
/** A length below 0 is none; the engine would count it from the end. */
const part = ([x, from, length]: readonly string[]): string =>
  `substringUTF8(${text(x)}, ${from}${length === undefined ? '' : `, greatest(${length}, 0)`})`
/** Presto's patterns stop `.` at a line's end; the engine's do not unless told. A group of 0 is the whole match. */
const pattern = (x: string | undefined): string => `concat('(?-s)', ${x})`
/** White space as Presto trims it; the engine would take blanks alone. */
const WHITE = "' \\t\\n\\r\\f\\v'"
/** For functions that return arrays, which cannot be nullable. */
const present = (x: string | undefined): string => `ifNull(${text(x)}, '')`

function regexpExtract(all: boolean): QueryFunction {
  return {
    min: 2,
    max: 3,
    returns: all ? 'array' : 'string',
    kind: 'scalar',
    emit(args, context) {
      const group = args.length < 3 ? 0 : Number(constant(args, 2, context))
      if (!Number.isInteger(group) || group < 0 || group > 50)
        throw context.refuse(2, 'The group must be a whole number from 0 to 50.')
      const [subject, expression] = args
      // The whole match becomes group 1, so that a match of nothing is told from no match.
      const whole = `extractAllGroupsVertical(${present(subject?.sql)}, concat('(?-s)(', ${expression?.sql}, ')'))`
      const values = `arrayMap(g -> g[${group + 1}], ${whole})`
      return all ? values : `if(empty(${whole}), NULL, toNullable(arrayElement(${values}, 1)))`
    },
  }
}
/** What a pattern finds, as a value of another type; null where it is none. */
function converted(emit: (found: string) => string, returns: 'bool' | 'int' | 'float'): QueryFunction {
  const found = regexpExtract(false)
  return { ...found, returns, emit: (args, context) => emit(found.emit(args, context)) }
}
/** The text put in says `$1`; to the engine that is `\\1`, and a backslash of its own must be doubled. */
const regexpReplace: QueryFunction = {
  min: 2,
  max: 3,
  returns: 'string',
  kind: 'scalar',
  emit(args, context) {
    const put = args.length < 3 ? '' : constant(args, 2, context)
    if (/\$\{|\$\d\d/.test(put)) throw context.refuse(2, 'Groups are $0 to $9.')
    const converted = context.parameters.text(put.replaceAll('\\', '\\\\').replace(/\$(\d)/g, '\\$1'))
    return `replaceRegexpAll(${text(args[0]?.sql)}, ${pattern(args[1]?.sql)}, ${converted})`
  },
}
const url = (name: string, returns: 'string' | 'int' = 'string') => scalar(1, 1, returns, ([x]) => `${name}(${text(x)})`)

export const TEXT_FUNCTIONS: FunctionTable = {
  lower: scalar(1, 1, 'string', ([x]) => `lowerUTF8(${text(x)})`),
  upper: scalar(1, 1, 'string', ([x]) => `upperUTF8(${text(x)})`),
  trim: scalar(1, 1, 'string', ([x]) => `trimBoth(${text(x)}, ${WHITE})`),
  ltrim: scalar(1, 1, 'string', ([x]) => `trimLeft(${text(x)}, ${WHITE})`),
  rtrim: scalar(1, 1, 'string', ([x]) => `trimRight(${text(x)}, ${WHITE})`),
  length: scalar(1, 1, 'int', ([x]) => `toInt64(lengthUTF8(${text(x)}))`),
  substr: scalar(2, 3, 'string', part),
  substring: scalar(2, 3, 'string', part),
  strpos: scalar(2, 2, 'int', ([x, y]) => `toInt64(positionUTF8(${text(x)}, ${y}))`),
  replace: {
    min: 2,
    max: 3,
    returns: 'string',
    kind: 'scalar',
    emit: ([x, y, z]) =>
      // Nothing is found before and behind every character.
      y?.literal === ''
        ? `arrayStringConcat(arrayConcat([''], extractAll(ifNull(toString(${x?.sql}), ''), '(?s).'), ['']), ${z?.sql ?? "''"})`
        : `replaceAll(${text(x?.sql)}, ${y?.sql}, ${z?.sql ?? "''"})`,
  },
  // With a limit the last part is all that is left.
  split: scalar(2, 3, 'array', ([x, y, limit]) => {
    const parts = `splitByString(${y}, ${present(x)})`
    if (limit === undefined) return parts
    const rest = `arrayStringConcat(arraySlice(${parts}, ${limit}), ${y})`
    return `if(length(${parts}) <= ${limit}, ${parts}, arrayPushBack(arraySlice(${parts}, 1, ${limit} - 1), ${rest}))`
  }),
  split_part: scalar(
    3,
    3,
    'string',
    ([x, y, z]) =>
      `if(isNull(${x}) OR ${z} > length(splitByString(${y}, ${present(x)})), NULL, toNullable(arrayElement(splitByString(${y}, ${present(x)}), ${z})))`,
  ),
  starts_with: scalar(2, 2, 'bool', ([x, y]) => `startsWith(${text(x)}, ${y})`),
  ends_with: scalar(2, 2, 'bool', ([x, y]) => `endsWith(${text(x)}, ${y})`),
  lpad: scalar(3, 3, 'string', ([x, size, pad]) => `leftPadUTF8(${text(x)}, toUInt32(${size}), ${pad})`),
  rpad: scalar(3, 3, 'string', ([x, size, pad]) => `rightPadUTF8(${text(x)}, toUInt32(${size}), ${pad})`),
  // Absent texts are left out, with their separator.
  concat_ws: {
    min: 2,
    max: 50,
    returns: 'string',
    kind: 'scalar',
    emit: ([by, ...rest]) => {
      const lists = rest.map(({ sql, type }) => (type === 'array' ? `arrayMap(__e -> toString(__e), ${sql})` : `[${text(sql)}]`))
      return `arrayStringConcat(arrayFilter(__e -> isNotNull(__e), arrayConcat(${lists.join(', ')})), ${by?.sql})`
    },
  },
  chr: scalar(1, 1, 'string', ([x]) => `if(${x} < 0 OR ${x} > 1114111, NULL, ${character(`toInt64(${x})`)})`),
  codepoint: scalar(
    1,
    1,
    'int',
    ([x]) => `if(empty(${present(x)}), NULL, toInt64(${codepoint(`substringUTF8(${present(x)}, 1, 1)`)}))`,
  ),
  normalize: scalar(1, 1, 'string', ([x]) => `normalizeUTF8NFC(${present(x)})`),
  levenshtein_distance: scalar(
    2,
    2,
    'int',
    ([x, y]) =>
      `toInt64(if(empty(${text(x)}) OR empty(${y}), lengthUTF8(${text(x)}) + lengthUTF8(${y}), editDistanceUTF8(${text(x)}, ${y})))`,
  ),
  regexp_like: scalar(2, 2, 'bool', ([x, y]) => `match(${text(x)}, ${pattern(y)})`),
  regexp_extract: regexpExtract(false),
  regexp_extract_all: regexpExtract(true),
  regexp_extract_bool: converted(
    (x) => `transform(lower(${x}), ['true', 'false'], [toNullable(true), toNullable(false)], NULL)`,
    'bool',
  ),
  regexp_extract_long: converted((x) => `toInt64OrNull(${x})`, 'int'),
  regexp_extract_double: converted((x) => `toFloat64OrNull(${x})`, 'float'),
  regexp_replace: regexpReplace,
  regexp_split: scalar(2, 2, 'array', ([x, y]) => `splitByRegexp(${pattern(y)}, ${present(x)})`),
  regexp_count: scalar(2, 2, 'int', ([x, y]) => `toInt64(countMatches(${text(x)}, ${pattern(y)}))`),
  url_extract_port: scalar(
    1,
    1,
    'int',
    ([x]) => `toInt64OrNull(extract(${present(x)}, '^[^:/?#]+://[^/?#]*:([0-9]+)(?:[/?#]|$)'))`,
  ),
  url_extract_parameter: scalar(
    2,
    2,
    'string',
    ([x, name]) =>
      `if(has(extractURLParameterNames(${present(x)}), ${name}), toNullable(decodeURLFormComponent(extractURLParameter(${present(x)}, ${name}))), NULL)`,
  ),
  url_extract_host: url('domain'),
  url_extract_protocol: url('protocol'),
  // Parts come decoded, and a plus sign in them is one. Source: Presto, URL functions, which read them by java.net.URI.
  url_extract_path: scalar(1, 1, 'string', ([x]) => `decodeURLComponent(path(${text(x)}))`),
  url_extract_query: scalar(1, 1, 'string', ([x]) => `decodeURLComponent(queryString(${text(x)}))`),
  url_extract_fragment: scalar(1, 1, 'string', ([x]) => `decodeURLComponent(fragment(${text(x)}))`),
  // As a form is encoded: a blank is a plus sign, and of the marks only - _ . * stand for themselves.
  url_encode: scalar(
    1,
    1,
    'string',
    ([x]) => `replaceAll(replaceAll(encodeURLFormComponent(${text(x)}), '~', '%7E'), '%2A', '*')`,
  ),
  url_decode: url('decodeURLFormComponent'),
}
