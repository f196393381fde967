import { nearestName } from '@podwitness/query'
import { Environment } from 'minijinja-js'
import { placeOf, type TextFault } from '../text-fault.ts'
import { DOLLAR_VARIABLES, withoutDollars } from './content-template.ts'

interface Tag {
  readonly word: string
  readonly offset: number
  readonly end: number
}

const BLOCKS = ['if', 'for', 'macro', 'set', 'filter', 'with', 'call', 'autoescape', 'block']
const PIECE = /\{#[\s\S]*?#\}|\{\{[\s\S]*?\}\}|\{%[-+]?\s*(\w+)([\s\S]*?)[-+]?%\}/g

/** Every fault of a template with its line and column: blocks that are not closed, names that are unknown, syntax. */
export function checkTemplate(source: string): TextFault[] {
  const { open, faults } = openBlocks(source)
  const unclosed = open.map(({ word, offset }) => ({
    ...placeOf(source, offset),
    message: `{% ${word} %} is never closed: {% end${word} %} is missing.`,
    hint: `Add {% end${word} %}, or let it be repaired.`,
  }))
  const found = [...faults, ...unclosed, ...unknownVariables(source)]
  return found.length > 0 ? found : syntaxFaults(source)
}

/** Blocks that were opened and never closed, outermost first; closings that close nothing are faults. */
function openBlocks(source: string): { open: Tag[]; faults: TextFault[] } {
  const open: Tag[] = []
  const faults: TextFault[] = []
  let raw = false
  for (const piece of source.matchAll(PIECE)) {
    const word = piece[1] ?? ''
    if (word === 'raw') raw = true
    if (word === 'endraw') raw = false
    if (raw || word === '' || (word === 'set' && /=/.test(piece[2] ?? ''))) continue
    if (BLOCKS.includes(word)) open.push({ word, offset: piece.index, end: piece.index + piece[0].length })
    const closes = /^end(\w+)$/.exec(word)?.[1]
    if (closes === undefined || !BLOCKS.includes(closes)) continue
    if (open.at(-1)?.word === closes) open.pop()
    else faults.push({ ...placeOf(source, piece.index), message: `{% ${word} %} closes no {% ${closes} %}.`, hint: 'Remove it.' })
  }
  return { open, faults }
}

function unknownVariables(source: string): TextFault[] {
  return [...source.matchAll(/\$\{\s*(\w+)\s*\}/g)].flatMap((found) => {
    const name = found[1] ?? ''
    if ((DOLLAR_VARIABLES as readonly string[]).includes(name)) return []
    const near = nearestName(name, DOLLAR_VARIABLES)
    const hint = near === undefined ? `There are: ${DOLLAR_VARIABLES.join(', ')}.` : `Did you mean \${${near}}?`
    return [{ ...placeOf(source, found.index), message: `There is no variable \${${name}}.`, hint }]
  })
}

/** What Jinja itself says; it knows the line, and shows the column below it. */
function syntaxFaults(source: string): TextFault[] {
  const environment = new Environment()
  try {
    environment.debug = true
    environment.addTemplate('template', withoutDollars(source))
    return []
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const [first = '', ...rest] = text.split('\n')
    const line = Number(/:(\d+)\)\s*$/.exec(first)?.[1] ?? 1)
    const caret = rest.find((one) => /^\s+i\s+\^/.test(one))
    const column = caret === undefined ? 1 : caret.indexOf('^') - CARET_MARGIN
    return [{ line, column: Math.max(1, column), message: first.replace(/\s*\(in [^)]*\)\s*$/, ''), hint: '' }]
  } finally {
    environment.free()
  }
}

/** What stands in front of a source line in the excerpt: `   2 > `. */
const CARET_MARGIN = 6

/**
 * Closes blocks that were never closed. A block that is printed as a list item is closed where the list goes on, in
 * front of the first item after its `else` branch; anything else at the end.
 */
export function repairTemplate(source: string): string {
  const { open } = openBlocks(source)
  let text = source
  for (const tag of [...open].reverse()) text = closed(text, tag)
  return text
}

function closed(source: string, tag: Tag): string {
  const end = `{% end${tag.word} -%}`
  const otherwise = source.indexOf('{% else', tag.end)
  if (tag.word === 'if' && otherwise >= 0) {
    const item = /\s- /.exec(
      source.slice(source.indexOf('%}', otherwise) + 2).replace(/^\s*- /, (lead) => '.'.repeat(lead.length)),
    )
    if (item !== null) {
      const at = source.indexOf('%}', otherwise) + 2 + item.index + 1
      return `${source.slice(0, at)}${end}${source[at - 1] ?? '\n'}${source.slice(at)}`
    }
  }
  return `${source}{% end${tag.word} %}`
}
