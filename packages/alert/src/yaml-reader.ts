import { nearestName } from '@podwitness/query'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLMap } from 'yaml'
import type { TextFault } from './text-fault.ts'

/** Longest text taken, in UTF-16 code units; what is longer was not written by a person. */
const MAX_TEXT = 1_000_000

/** Reads documents of YAML into values, and notes every fault with its place instead of stopping at the first. */
export class YamlReader {
  readonly faults: TextFault[] = []
  readonly #lines = new LineCounter()
  readonly documents: YAMLMap[] = []

  readonly #text: string

  constructor(text: string) {
    this.#text = text
    if (text.length > MAX_TEXT) {
      this.faults.push({ line: 1, column: 1, message: `The text has more than ${MAX_TEXT} characters.`, hint: '' })
      return
    }
    // Without aliases there is nothing that could grow a small text to a large value.
    const parsed = parseAllDocuments(text, { lineCounter: this.#lines, prettyErrors: false })
    for (const document of 'empty' in parsed ? [] : parsed) {
      for (const error of document.errors) this.#at(error.pos[0], error.message, '')
      if (document.contents === null || document.errors.length > 0) continue
      if (isMap(document.contents)) this.documents.push(document.contents as unknown as YAMLMap)
      else this.fault(document.contents as unknown as Node, 'A document is a mapping of keys to values.')
    }
  }

  /**
   * A fault inside a text that the node holds. Where that is a block, its lines stand in this text as they are, so the
   * place is exact; any other form may be folded or escaped, and the place within goes into the words.
   */
  faultWithin(node: Node, { line, column, message, hint }: TextFault, part: string): void {
    const start = node.range?.[0] ?? 0
    const block = isScalar(node) && (node as { type?: string }).type === 'BLOCK_LITERAL'
    if (!block) {
      this.fault(node, `In the ${part}, line ${line}, column ${column}: ${message}`, hint)
      return
    }
    const { line: header } = this.#lines.linePos(start)
    const first = this.#lines.lineStarts[header] ?? start
    const indent = /^ */.exec(this.#text.slice(first))?.[0].length ?? 0
    this.faults.push({ line: header + line, column: indent + column, message, hint })
  }

  fault(node: unknown, message: string, hint = ''): void {
    const range = (node as Node | null)?.range
    this.#at(range?.[0] ?? 0, message, hint)
  }

  #at(offset: number, message: string, hint: string): void {
    const { line, col } = this.#lines.linePos(offset)
    this.faults.push({ line: Math.max(1, line), column: Math.max(1, col), message, hint })
  }

  /** The mapping's values by key; a key outside `known` is a fault. */
  fields(map: YAMLMap, known: readonly string[]): Map<string, Node> {
    const found = new Map<string, Node>()
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? String(key.value) : ''
      if (known.includes(name)) {
        if (value !== null) found.set(name, value as Node)
      } else {
        const near = nearestName(name, known)
        this.fault(key, `"${name}" is no key here.`, near === undefined ? `Keys: ${known.join(', ')}.` : `Did you mean ${near}?`)
      }
    }
    return found
  }

  text(node: Node | undefined, otherwise: string): string {
    if (node === undefined) return otherwise
    if (isScalar(node) && ['string', 'number', 'boolean'].includes(typeof node.value)) return String(node.value)
    this.fault(node, 'Text is expected here.')
    return otherwise
  }

  flag(node: Node | undefined, otherwise: boolean): boolean {
    if (node === undefined) return otherwise
    if (isScalar(node) && typeof node.value === 'boolean') return node.value
    this.fault(node, 'true or false is expected here.')
    return otherwise
  }

  number(node: Node | undefined, otherwise: number): number {
    if (node === undefined) return otherwise
    if (isScalar(node) && typeof node.value === 'number' && Number.isFinite(node.value)) return node.value
    this.fault(node, 'A number is expected here.')
    return otherwise
  }

  /** One of the words; `also` maps other spellings to them. */
  word<Word extends string>(
    node: Node | undefined,
    words: readonly Word[],
    otherwise: Word,
    also: Readonly<Record<string, Word>> = {},
  ): Word {
    if (node === undefined) return otherwise
    const text = this.text(node, otherwise)
    const found = words.find((word) => word === text) ?? also[text]
    if (found !== undefined) return found
    const near = nearestName(text, words)
    this.fault(node, `"${text}" is none of ${words.join(', ')}.`, near === undefined ? '' : `Did you mean ${near}?`)
    return otherwise
  }

  list(node: Node | undefined): Node[] {
    if (node === undefined) return []
    if (isSeq(node)) return node.items as Node[]
    this.fault(node, 'A list is expected here.')
    return []
  }

  map(node: Node | undefined): YAMLMap | undefined {
    if (node === undefined) return undefined
    if (isMap(node)) return node as unknown as YAMLMap
    this.fault(node, 'A mapping of keys to values is expected here.')
    return undefined
  }

  texts(node: Node | undefined): Record<string, string> {
    const entries = this.map(node)?.items.map(({ key, value }) => [
      isScalar(key) ? String(key.value) : '',
      this.text((value ?? undefined) as Node | undefined, ''),
    ])
    return Object.fromEntries(entries ?? []) as Record<string, string>
  }
}
