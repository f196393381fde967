import { jsonString } from '../json-string.ts'
import { arrayJson, bagJson, elements, isArray, isBag, pairs } from './json-values.ts'
import { constantAt, fn, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Four parts of eight digits each; what is no version is null. */
const version: KqlFunction = fn('string', 'decimal', ([x = "''"], { context }) =>
  context.once(`splitByChar('.', trimBoth(${x}))`, (parts) => {
    const digits = `arrayStringConcat(arrayMap(p -> leftPad(p, 8, '0'), arrayResize(${parts}, 4, '0')))`
    const valid = `length(${parts}) <= 4 AND arrayAll(p -> match(p, '^[0-9]{1,8}$'), ${parts})`
    return `if(${valid}, toDecimal256OrNull(${digits}, 12), NULL)`
  }),
)

/** The fields of the first record. Source: RFC 4180. */
const csv: KqlFunction = fn('string', 'dynamic', ([x = "''"], { context }) => {
  const record = `regexpExtract(${x}, '^(?:"(?:[^"]|"")*"?|[^"\\\\r\\\\n])*', 0)`
  const fields = `extractAllGroupsVertical(concat(',', ${record}), ',(?:"((?:[^"]|"")*)"?|([^,]*))')`
  const value = `concat(replaceAll(g[1], '""', '"'), g[2])`
  return context.once(
    fields,
    (all) => `if(${x} = '', NULL, toNullable(${arrayJson(`arrayMap(g -> ${jsonString(value)}, ${all})`)}))`,
  )
})

/**
 * Arguments as Windows divides them: blanks between quotes belong to the word, and before a quote two backslashes are one.
 * Source: Microsoft documentation, CommandLineToArgvW.
 */
const commandLine: KqlFunction = withScalars('string string', 'dynamic', (args, call) => {
  const kind = constantAt(args, 1, call)
  if (kind.toLowerCase() !== 'windows')
    throw call.context.refuse(call.node, `There is no parser "${kind}".`, 'Write "windows".', 'PW-QY-005')
  const escaped = '(?:\\\\\\\\)*\\\\"'
  const word = `(?:${escaped}|\\\\+|[^\\s"\\\\]|"(?:${escaped}|\\\\+|[^"\\\\])*"?)+`
  const bound = (pattern: string): string => call.context.string(pattern)
  // Backslashes count by twos only where a quote follows.
  const quote = `concat(repeat(char(92), intDiv(length(p) - 1, 2)), if(length(p) % 2 = 0, '"', ''))`
  const pieces = `arrayMap(p -> if(endsWith(p, '"'), ${quote}, p), extractAll(w, ${bound('\\\\*"|\\\\+|[^"\\\\]+')}))`
  const words = `arrayMap(w -> ${jsonString(`arrayStringConcat(${pieces})`)}, extractAll(${args[0]?.sql}, ${bound(word)}))`
  return `if(${args[0]?.sql} = '', NULL, toNullable(${arrayJson(words)}))`
})

/** Source: Kusto documentation, parse_path(); both kinds of slashes divide. */
const path: KqlFunction = fn('string', 'dynamic', ([x = "''"], { context }) => {
  const bound = (pattern: string): string => context.string(pattern)
  return context.once(`extractGroups(${x}, ${bound('(?s)^(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(.*?)([^/\\\\]*)$')})`, (parts) =>
    context.once(`replaceRegexpOne(${parts}[2], ${bound('[/\\\\]+$')}, '')`, (folder) => {
      const file = `extract(${parts}[3], '^([^:]*)')`
      const members: readonly (readonly [string, string])[] = [
        ['Scheme', `${parts}[1]`],
        ['RootPath', `extract(${parts}[2], '^[A-Za-z]:')`],
        ['DirectoryPath', folder],
        ['DirectoryName', `extract(${folder}, ${bound('([^/\\\\]*)$')})`],
        ['Filename', file],
        ['Extension', `extract(${file}, '[.]([^.]*)$')`],
        ['AlternateDataStreamName', `extract(${parts}[3], ${bound('(?s)^[^:]*:(.*)$')})`],
      ]
      return `toNullable(${bagJson(`[${members.map(([name, sql]) => `('${name}', ${jsonString(sql)})`).join(', ')}]`)})`
    }),
  )
})

/** Deepest nesting that treepath() follows. */
const MAX_LEVELS = 16

/** Each path once; all elements of an array are its element 0. */
const treePath: KqlFunction = fn('dynamic', 'dynamic', ([x = 'NULL'], { context }) => {
  const [name, value] = ['tupleElement(n, 1)', 'tupleElement(n, 2)']
  const key = `concat(${name}, '[', char(39), tupleElement(m, 1), char(39), ']')`
  const members = `arrayMap(m -> (${key}, tupleElement(m, 2), toUInt8(0)), ${pairs(value)})`
  const items = `arrayMap(e -> (concat(${name}, '[0]'), e, toUInt8(0)), ${elements(value)})`
  const children = `arrayConcat(if(${isBag(value)}, ${members}, []), if(${isArray(value)}, ${items}, []))`
  const opened = `if(tupleElement(n, 3) = 1, [n], arrayConcat([(${name}, ${value}, toUInt8(1))], ${children}))`
  const folded = `arrayFold((a, l) -> arrayFlatten(arrayMap(n -> ${opened}, a)), range(${MAX_LEVELS}), [('', assumeNotNull(${x}), toUInt8(0))])`
  return context.once(folded, (all) => {
    const paths = `arrayDistinct(arrayFilter(p -> p != '', arrayMap(n -> ${name}, ${all})))`
    return `if(${isBag(x)}, toNullable(${arrayJson(`arrayMap(p -> ${jsonString('p')}, ${paths})`)}), NULL)`
  })
})

export const PARSE_FUNCTIONS: KqlFunctionTable = {
  parse_version: version,
  parse_csv: csv,
  parse_command_line: commandLine,
  parse_path: path,
  treepath: treePath,
}
