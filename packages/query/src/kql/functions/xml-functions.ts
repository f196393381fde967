import { nullOf } from '../context.ts'
import { constantAt, type KqlCall, type KqlFunction, type KqlFunctionTable, withScalars } from './kql-function.ts'

/** Longest text that is read, in bytes. Source: Kusto documentation, parse_xml(). */
const MAX_XML_BYTES = 1_048_576
/** Deepest nesting of elements that is read. */
const MAX_LEVELS = 64

/**
 * XML of a constant as dynamic, null where it is not well-formed. The engine has nothing that reads XML, and a reader made of its
 * regular expressions would give wrong answers for some texts, so columns are refused.
 */
const parseXml: KqlFunction = withScalars('string', 'dynamic', (args, call: KqlCall) => {
  if (args[0]?.constant === undefined)
    throw call.context.refuse(call.node, 'parse_xml() of a column is not supported.', 'Use extract() with a regular expression.')
  const value = readXml(constantAt(args, 0, call))
  return value === undefined ? nullOf('dynamic') : `toNullable(${call.context.string(jsonOf(value))})`
})

type XmlValue = string | null | { readonly [name: string]: XmlValue } | readonly XmlValue[]

/** Text that is a number is written as one, as the example of the documentation does it; attributes stay texts. */
function jsonOf(value: XmlValue, name = ''): string {
  if (typeof value === 'string')
    return !name.startsWith('@') && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) ? value : JSON.stringify(value)
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map((one) => jsonOf(one)).join(',')}]`
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${jsonOf(member, key)}`)
    .join(',')}}`
}

interface Element {
  readonly name: string
  readonly members: [string, XmlValue][]
  text: string
}

const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>|<\/([^\s<>]+)\s*>|<([^\s<>/!?][^\s<>/]*)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy

/** Source: Kusto documentation, parse_xml(): elements, attributes and text count, everything else is left out. */
function readXml(xml: string): XmlValue | undefined {
  if (Buffer.byteLength(xml) > MAX_XML_BYTES) return undefined
  const root: Element = { name: '', members: [], text: '' }
  const open: Element[] = [root]
  let end = 0
  for (const token of xml.matchAll(TOKEN)) {
    end = token.index + token[0].length
    const [, cdata, closed, name, attributes = '', empty, text] = token
    const top = open.at(-1)
    if (top === undefined) return undefined
    if (cdata !== undefined || text !== undefined) top.text += cdata ?? decoded(text ?? '')
    if (name !== undefined) open.push({ name, members: attributesOf(attributes), text: '' })
    if (closed !== undefined && (closed !== top.name || open.length === 1)) return undefined
    if (closed !== undefined || empty === '/') close(open)
    if (open.length > MAX_LEVELS) return undefined
  }
  const whole = end === xml.length && open.length === 1 && root.members.length === 1 && root.text.trim() === ''
  return whole ? Object.fromEntries(root.members) : undefined
}

function close(open: Element[]): void {
  const element = open.pop()
  const above = open.at(-1)
  if (element !== undefined && above !== undefined) above.members.push([element.name, xmlValue(element)])
}

function xmlValue({ members, text }: Element): XmlValue {
  const own = text.trim()
  if (members.length === 0) return own === '' ? null : own
  const bag = new Map<string, XmlValue>(own === '' ? [] : [['#text', own]])
  for (const [name, value] of members) {
    const before = bag.get(name)
    bag.set(name, before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value])
  }
  const attributes = [...bag].filter(([name]) => name.startsWith('@'))
  return Object.fromEntries([...attributes, ...[...bag].filter(([name]) => !name.startsWith('@'))])
}

const attributesOf = (text: string): [string, XmlValue][] =>
  [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
    `@${name}`,
    decoded(double ?? single ?? ''),
  ])

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })

export const XML_FUNCTIONS: KqlFunctionTable = { parse_xml: parseXml }
