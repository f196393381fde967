import { stringify } from 'yaml'

/**
 * The part of Go's templates that the chart uses, for tests: `if`, `else`, `range`, pipelines and a few functions.
 * What it does not know it refuses. Source: Go, text/template; Helm, chart template guide.
 */
export interface ChartValues {
  readonly Values: Readonly<Record<string, unknown>>
  readonly Release: { readonly Namespace: string }
}

type Scope = Readonly<Record<string, unknown>>

interface Branch {
  readonly kind: 'if' | 'range'
  readonly test: string
  readonly then: Node[]
  readonly otherwise: Node[]
}
type Node = string | { readonly expression: string } | Branch

export function renderChart(template: string, values: ChartValues): string {
  const tokens = tokensOf(template)
  const nodes = parse(tokens, { at: 0 })
  return write(nodes, { '.': values })
}

/** Texts and actions in turn; `{{-` and `-}}` take blanks and line ends off their neighbours. */
function tokensOf(template: string): ({ text: string } | { action: string })[] {
  const tokens: ({ text: string } | { action: string })[] = []
  let at = 0
  let trim = false
  for (const match of template.matchAll(/\{\{(-\s)?\s*([\s\S]*?)\s*(\s-)?\}\}/g)) {
    let text = template.slice(at, match.index)
    if (trim) text = text.trimStart()
    if (match[1] !== undefined) text = text.trimEnd()
    tokens.push({ text }, { action: match[2] ?? '' })
    trim = match[3] !== undefined
    at = match.index + match[0].length
  }
  tokens.push({ text: trim ? template.slice(at).trimStart() : template.slice(at) })
  return tokens
}

function parse(tokens: ReturnType<typeof tokensOf>, position: { at: number }): Node[] {
  const nodes: Node[] = []
  for (; position.at < tokens.length; position.at++) {
    const token = tokens[position.at]
    if (token === undefined) break
    if ('text' in token) nodes.push(token.text)
    else if (/^(else|end)$/.test(token.action)) return nodes
    else if (/^\/\*/.test(token.action)) continue
    else {
      const [, kind, test = ''] = /^(if|range) (.+)$/s.exec(token.action) ?? []
      if (kind === undefined) {
        nodes.push({ expression: token.action })
        continue
      }
      position.at++
      const then = parse(tokens, position)
      let otherwise: Node[] = []
      if (actionAt(tokens, position.at) === 'else') {
        position.at++
        otherwise = parse(tokens, position)
      }
      if (actionAt(tokens, position.at) !== 'end') throw new Error(`${kind} ${test} has no end`)
      nodes.push({ kind: kind as Branch['kind'], test, then, otherwise })
    }
  }
  return nodes
}

function actionAt(tokens: ReturnType<typeof tokensOf>, at: number): string {
  const token = tokens[at]
  return token !== undefined && 'action' in token ? token.action : ''
}

function write(nodes: readonly Node[], scope: Scope): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node
      if ('expression' in node) return String(evaluate(node.expression, scope))
      if (node.kind === 'if') return write(isTrue(evaluate(node.test, scope)) ? node.then : node.otherwise, scope)
      const [, key = '', value = '', list = ''] = /^(\$\w+), (\$\w+) := (.+)$/.exec(node.test) ?? []
      const entries = Object.entries((evaluate(list, scope) ?? {}) as object).sort(([a], [b]) => (a < b ? -1 : 1)) // As Go does.
      if (entries.length === 0) return write(node.otherwise, scope)
      return entries.map(([name, each]) => write(node.then, { ...scope, [key]: name, [value]: each })).join('')
    })
    .join('')
}

/** Empty lists and maps are false too. Source: Go, text/template, actions. */
const isTrue = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== '' &&
  value !== 0 &&
  (typeof value !== 'object' || Object.keys(value).length > 0)

const FUNCTIONS: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  quote: (value) => JSON.stringify(String(value)),
  default: (fallback, value) => (isTrue(value) ? value : fallback),
  printf: (format, ...rest) => rest.reduce<string>((text, each) => text.replace('%s', String(each)), String(format)),
  b64enc: (value) => Buffer.from(String(value)).toString('base64'),
  indent: (columns, text) => String(text).replace(/^/gm, ' '.repeat(Number(columns))),
  trimSuffix: (suffix, text) => (String(text).endsWith(String(suffix)) ? String(text).slice(0, -String(suffix).length) : text),
  not: (value) => !isTrue(value),
  toYaml: (value) => stringify(value).trimEnd(),
}

/** A pipeline: what a command gives is the last argument of the next. */
function evaluate(expression: string, scope: Scope): unknown {
  const commands = expression.match(/(?:"(?:[^"\\]|\\.)*"|\((?:[^()"]|"[^"]*")*\)|[^|])+/g) ?? []
  let piped: unknown[] = []
  for (const command of commands) {
    const words = command.trim().match(/"(?:[^"\\]|\\.)*"|\((?:[^()"]|"[^"]*")*\)|\S+/g) ?? []
    const [name = '', ...rest] = words
    const called = FUNCTIONS[name]
    const values = (called === undefined ? words : rest).map((word) => operand(word, scope))
    piped = [called === undefined ? values[0] : called(...values, ...piped)]
  }
  return piped[0]
}

function operand(word: string, scope: Scope): unknown {
  if (word.startsWith('"')) return JSON.parse(word)
  if (word.startsWith('(')) return evaluate(word.slice(1, -1), scope)
  if (/^\d+$/.test(word)) return Number(word)
  if (word.startsWith('$') && word in scope) return scope[word]
  if (!/^(?:\.\w+)+$/.test(word)) throw new Error(`${word} is nothing that is known here`)
  return word
    .slice(1)
    .split('.')
    .reduce<unknown>((value, name) => {
      if (typeof value !== 'object' || value === null || !(name in value)) throw new Error(`there is no ${word}`)
      return (value as Record<string, unknown>)[name]
    }, scope['.'])
}
