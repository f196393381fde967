import { KEY } from './field-dictionary.ts'
import { textOf, tokenName, tokenText } from './field-value.ts'
import type { AuditRecord } from './record.ts'
import { TYPE } from './record-type.ts'
import { MARK, TOKEN, tokenKey, tokensOf } from './tokenise.ts'

/**
 * Every field of a record, decoded, in order. `(null)` is null.
 * A name that comes again is kept as `name#2`, `name#3`, …; words that belong to no field are joined under `text`.
 */
export function recordFields(record: AuditRecord): Record<string, string | null> {
  const tokens = tokensOf(record)
  const fields: Record<string, string | null> = Object.create(null)
  const names = new FieldNames()
  const words: string[] = []
  let last = ''
  let lastKey = 0
  let lastNested = 0
  for (let i = 0; i < tokens.length; i += TOKEN) {
    if (tokens[i] === tokens[i + 1]) {
      const word = textOf(record.body, tokens[i + 2] as number, tokens[i + 3] as number)
      const nested = (tokens[i + 4] as number) & MARK.nested
      if (nested === lastNested && continues(lastKey, fields[last])) fields[last] = `${fields[last]} ${word}`
      else words.push(word)
      continue
    }
    const name = prefixedName(record, words, tokenName(record, tokens, i))
    last = names.free(name)
    lastKey = tokenKey(tokens, i)
    lastNested = (tokens[i + 4] as number) & MARK.nested
    fields[last] = tokenText(record, tokens, i)
  }
  if (record.type.number === TYPE.AVC || record.type.number === TYPE.USER_AVC) addVerdict(fields, names, words)
  else if (words.length > 0) fields[names.free('text')] = words.join(' ')
  return fields
}

/** `op=display aging info`, `subj==/usr/sbin/ntpd (enforce)`: values with blanks that nobody quoted. */
function continues(key: number, value: string | null | undefined): boolean {
  return typeof value === 'string' && (key === KEY.op || key === KEY.subj || key === KEY.obj)
}

/** Old LOGIN records have a blank in their names: `old auid=… new auid=…` (kernel before 3.13). */
function prefixedName(record: AuditRecord, words: string[], name: string): string {
  if (record.type.number !== TYPE.LOGIN || words.length === 0) return name
  const word = words[words.length - 1]
  if (word === 'old') return `old-${dropLast(words, name)}`
  return word === 'new' ? dropLast(words, name) : name
}

function dropLast(words: string[], name: string): string {
  words.pop()
  return name
}

/** Names of one record; counting keeps a record of nothing but repeats linear. */
class FieldNames {
  readonly #next = new Map<string, number>()

  free(name: string): string {
    const number = (this.#next.get(name) ?? 0) + 1
    this.#next.set(name, number)
    return number === 1 ? name : this.free(`${name}#${number}`)
  }
}

/** `avc:  denied  { read write } for`: verdict and permissions under the names auparse gives them. */
function addVerdict(fields: Record<string, string | null>, names: FieldNames, words: readonly string[]): void {
  const rest: string[] = []
  const permissions: string[] = []
  let inside = false
  for (const word of words) {
    if (word === '{') inside = true
    else if (word === '}') inside = false
    else if (inside) permissions.push(word)
    else if (word === 'denied' || word === 'granted') fields.seresult = word
    else if (word !== 'avc:' && word !== 'for') rest.push(word)
  }
  if (permissions.length > 0) fields.seperms = permissions.join(',')
  if (rest.length > 0) fields[names.free('text')] = rest.join(' ')
}
