import { quoted, type SigmaField, SigmaRefusal } from './sigma-source.ts'

/** Modifiers that are asked for here; those on the encoding change a value before it is compared. */
export const MODIFIERS = [
  ...['contains', 'startswith', 'endswith', 'all', 'exists', 'cased', 'neq', 'windash', 're', 'i', 'm', 's', 'base64'],
  ...['base64offset', 'utf16le', 'utf16be', 'wide', 'utf16', 'lt', 'lte', 'gt', 'gte', 'cidr', 'fieldref'],
] as const
const DASHES = ['-', '/', '–', '—', '―']
const COMPARE: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' }
/** What the regular expressions of the engine do not have. Source: RE2, Syntax. */
const NOT_IN_RE2 = /\(\?<?[=!]|\\[1-9]|\(\?>|[*+?]\+|\(\?\(/

/** How one field is compared with one value. */
export interface Comparison {
  readonly field: SigmaField
  readonly modifiers: readonly string[]
  /** Numbers of a system call by name, on any machine that there are nodes of. */
  readonly syscall: (name: string) => readonly number[]
}

/**
 * Whether a field has a value, as SQL that is 0 or 1.
 *
 * @throws SigmaRefusal for a modifier or value that cannot be asked for.
 */
export function valueSql(comparison: Comparison, value: unknown): string {
  const { field, modifiers } = comparison
  const has = (name: string): boolean => modifiers.includes(name)
  if (has('exists')) return value === false || value === 'false' ? empty(field) : `NOT ${empty(field)}`
  if (value === null || value === '') return has('neq') ? `NOT ${empty(field)}` : empty(field)
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw new SigmaRefusal('A value is text, a number, true, false or null.')
  const sql = positive(comparison, String(value))
  return has('neq') ? `NOT ${sql}` : sql
}

function empty({ sql, kind }: SigmaField): string {
  if (kind === 'list') return `empty(${sql})`
  return kind === 'text' ? `(${sql} = '')` : `(${sql} < 0)`
}

function positive(comparison: Comparison, value: string): string {
  const { field, modifiers, syscall } = comparison
  const compare = Object.keys(COMPARE).find((name) => modifiers.includes(name))
  if (field.kind === 'list') {
    const element = positive({ ...comparison, field: { sql: 'x', kind: 'text' } }, value)
    return `arrayExists(x -> ${element}, ${field.sql})`
  }
  if (field.kind === 'syscall' && !/^\d+$/.test(value)) {
    const numbers = syscall(value)
    if (numbers.length === 0) throw new SigmaRefusal(`There is no system call "${value}".`)
    return `(${field.sql} IN (${numbers.join(', ')}))`
  }
  if (compare !== undefined) {
    if (!/^-?\d+(\.\d+)?$/.test(value)) throw new SigmaRefusal(`"${value}" is no number to compare with.`)
    const number = field.kind === 'text' ? `toFloat64OrNull(${field.sql})` : field.sql
    return `ifNull(${number} ${COMPARE[compare]} ${value}, 0)`
  }
  const text = field.kind === 'text' ? field.sql : `toString(${field.sql})`
  if (modifiers.includes('cidr')) {
    if (!/^[0-9a-fA-F:.]+\/\d{1,3}$/.test(value)) throw new SigmaRefusal(`"${value}" is no network.`)
    return `(if(isIPv4String(${text}) OR isIPv6String(${text}), isIPAddressInRange(if(${text} = '', '::', ${text}), ${quoted(value)}), 0))`
  }
  if (modifiers.includes('re')) return expressionSql(text, modifiers, value)
  const variants = transformed(modifiers, value).map((one) => likeSql(text, modifiers, one))
  return variants.length === 1 ? (variants[0] ?? '0') : `(${variants.join(' OR ')})`
}

function expressionSql(text: string, modifiers: readonly string[], value: string): string {
  if (NOT_IN_RE2.test(value))
    throw new SigmaRefusal(`The regular expression ${value.slice(0, 80)} looks around or back, which is not in Sigma.`)
  try {
    new RegExp(value, 'u')
  } catch {
    // Escapes that are needless are an error only in that mode.
    try {
      new RegExp(value)
    } catch (error) {
      throw new SigmaRefusal(`The regular expression is wrong: ${error instanceof Error ? error.message : ''}`)
    }
  }
  const flags = ['i', 'm', 's'].filter((flag) => modifiers.includes(flag)).join('')
  // The engine's own match() lets a dot be a line end; Sigma does so only with `s`.
  return `match(${text}, ${quoted(`(?${flags}${flags.includes('s') ? '' : '-s'})${value}`)})`
}

/** The value in the forms that encodings and dashes make of it; those have no wildcards left. */
function transformed(modifiers: readonly string[], value: string): { readonly text: string; readonly plain: boolean }[] {
  if (modifiers.includes('windash'))
    return DASHES.map((dash) => ({ text: value.replace(/(^|\s)[-/–—―](?=\w)/g, `$1${dash}`), plain: false }))
  let bytes = Buffer.from(value)
  if (modifiers.includes('wide') || modifiers.includes('utf16le')) bytes = Buffer.from(value, 'utf16le')
  if (modifiers.includes('utf16be') || modifiers.includes('utf16')) bytes = Buffer.from(value, 'utf16le').swap16()
  if (modifiers.includes('utf16')) bytes = Buffer.concat([Buffer.from([0xfe, 0xff]), bytes])
  if (modifiers.includes('base64')) return [{ text: bytes.toString('base64'), plain: true }]
  if (modifiers.includes('base64offset')) return [0, 1, 2].map((shift) => ({ text: shifted(bytes, shift), plain: true }))
  return [{ text: value, plain: false }]
}

/** Base64 of bytes that begin `shift` bytes into a group, without the characters that their neighbours decide about. */
function shifted(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const cut = (bytes.length + shift) % 3 === 0 ? text.length : text.length - 1
  return text.slice([0, 2, 3][shift], cut)
}

function likeSql(text: string, modifiers: readonly string[], { text: value, plain }: { text: string; plain: boolean }): string {
  const anywhere = modifiers.includes('contains') || modifiers.includes('base64offset')
  const before = anywhere || modifiers.includes('endswith') ? '%' : ''
  const after = anywhere || modifiers.includes('startswith') ? '%' : ''
  const pattern = `${before}${plain ? likeText(value) : likePattern(value)}${after}`
  return `(${text} ${modifiers.includes('cased') || plain ? 'LIKE' : 'ILIKE'} ${quoted(pattern)})`
}

const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** `*` and `?` unless they are escaped. A backslash in front of anything else is itself. */
function likePattern(value: string): string {
  return value.replace(/\\([\\*?])|([\s\S])/g, (_, escaped: string | undefined, one: string) =>
    escaped !== undefined ? likeText(escaped) : one === '*' ? '%' : one === '?' ? '_' : likeText(one),
  )
}
