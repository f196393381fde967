/** A pattern of RE2 in JavaScript's words, or why it has none. */
export type TranslatedPattern = { readonly source: string } | { readonly fault: string }

/** What RE2's `\s` has: JavaScript's has more, and what it has too much would stay unhidden behind `\S`. */
const SPACE = '\\t\\n\\f\\r '
const NOT_SPACE = '\\0-\\x08\\x0b\\x0e-\\x1f!-\\uffff'
/** Classes of POSIX within brackets, and what is not in them. Source: RE2, syntax page, "ASCII character classes". */
const POSIX: Readonly<Record<string, readonly [string, string]>> = {
  alnum: ['0-9A-Za-z', '\\0-/:-@\\[-`{-\\uffff'],
  alpha: ['A-Za-z', '\\0-@\\[-`{-\\uffff'],
  ascii: ['\\0-\\x7f', '\\x80-\\uffff'],
  blank: ['\\t ', '\\0-\\x08\\n-\\x1f!-\\uffff'],
  cntrl: ['\\0-\\x1f\\x7f', ' -~\\x80-\\uffff'],
  digit: ['0-9', '\\0-/:-\\uffff'],
  graph: ['!-~', '\\0- \\x7f-\\uffff'],
  lower: ['a-z', '\\0-`{-\\uffff'],
  print: [' -~', '\\0-\\x1f\\x7f-\\uffff'],
  punct: ['!-/:-@\\[-`{-~', '\\0- 0-9A-Za-z\\x7f-\\uffff'],
  space: ['\\t\\n\\v\\f\\r ', '\\0-\\x08\\x0e-\\x1f!-\\uffff'],
  upper: ['A-Z', '\\0-@\\[-\\uffff'],
  word: ['0-9A-Za-z_', '\\0-/:-@\\[-^`{-\\uffff'],
  xdigit: ['0-9A-Fa-f', '\\0-/:-@G-`g-\\uffff'],
}

interface Modes {
  readonly anyCase: boolean
  readonly dotAll: boolean
}

class PatternFault extends Error {}

/**
 * Translates a pattern of RE2, as auoms' files have them. Same words with another meaning in JavaScript (`.`, `\s`, `\A`,
 * `[[:alpha:]]`, `(?i)`) are written in its own; what has none is refused, as a pattern that fits less hides less.
 * Nothing in the result looks around or back, so that V8 can run it in linear time. Source: RE2, doc/syntax.txt.
 */
export function translateRe2(pattern: string): TranslatedPattern {
  try {
    const source = new Re2Reader(pattern).read()
    new RegExp(source)
    return { source }
  } catch (error) {
    return { fault: (error as Error).message.replace(/^Invalid regular expression: .*: /, '') }
  }
}

class Re2Reader {
  readonly #text: string
  #at = 0
  #modes: Modes = { anyCase: false, dotAll: false }
  /** Modes outside of each open group. */
  readonly #outer: Modes[] = []

  constructor(text: string) {
    this.#text = text
  }

  read(): string {
    let out = ''
    while (this.#at < this.#text.length) out += this.#next()
    return out
  }

  #next(): string {
    const character = this.#text[this.#at] as string
    if (character === '\\') return this.#escape(false)
    if (character === '[') return this.#bracket()
    if (character === '(') return this.#open()
    this.#at++
    if (character === '.') return this.#modes.dotAll ? '[\\s\\S]' : '[^\\n]'
    if (character === ')') {
      this.#modes = this.#outer.pop() ?? this.#modes
      return ')'
    }
    return this.#cased(character)
  }

  #open(): string {
    const rest = this.#text.slice(this.#at)
    const named = /^\(\?P?<\w+>/.exec(rest)
    const [flags, on = '', off = '', end] = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/.exec(rest) ?? []
    if (named !== null) return this.#enter(named[0].length, '(')
    if (flags === undefined) {
      if (rest.startsWith('(?')) throw new PatternFault(`${rest.slice(0, 4)} is not in RE2`)
      return this.#enter(1, '(')
    }
    const other = /[^is]/.exec(on + off)?.[0]
    if (other !== undefined) throw new PatternFault(`the flag ${other} of ${flags} has no counterpart here`)
    const before = this.#modes
    const state = (mode: string, now: boolean): boolean => (on.includes(mode) ? true : off.includes(mode) ? false : now)
    const modes = { anyCase: state('i', before.anyCase), dotAll: state('s', before.dotAll) }
    if (end === ':') this.#outer.push(before)
    this.#modes = modes
    this.#at += flags.length
    return end === ':' ? '(?:' : ''
  }

  #enter(length: number, text: string): string {
    this.#outer.push(this.#modes)
    this.#at += length
    return text
  }

  #escape(inBracket: boolean): string {
    const rest = this.#text.slice(this.#at + 1)
    const letter = rest[0]
    if (letter === undefined) throw new PatternFault('\\ stands at the end')
    if (letter === 'Q' && !inBracket) return this.#quoted(rest.slice(1))
    const code = /^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest)
    if (code !== null) {
      this.#at += code[0].length + 1
      return codeText(Number.parseInt(code[1] ?? code[2] ?? '', 16))
    }
    this.#at += 2
    if (letter === 's') return inBracket ? SPACE : `[${SPACE}]`
    if (letter === 'S') return inBracket ? NOT_SPACE : `[^${SPACE}]`
    if (letter === 'a') return '\\x07'
    if (!inBracket && letter === 'A') return '^'
    if (!inBracket && letter === 'z') return '$'
    if (!inBracket && (letter === 'b' || letter === 'B')) return `\\${letter}`
    if ('dDwWfnrtv'.includes(letter) || !/[0-9A-Za-z]/.test(letter)) return `\\${letter}`
    throw new PatternFault(`\\${letter} has no counterpart here`)
  }

  #quoted(rest: string): string {
    const end = rest.indexOf('\\E')
    const text = end < 0 ? rest : rest.slice(0, end)
    this.#at += 2 + text.length + (end < 0 ? 0 : 2)
    return [...text].map((character) => this.#cased(character, true)).join('')
  }

  #bracket(): string {
    const start = this.#at
    const [open = ''] = /^\[\^?/.exec(this.#text.slice(start)) ?? []
    this.#at += open.length
    let out = ''
    for (let first = true; ; first = false) {
      const rest = this.#text.slice(this.#at)
      if (rest === '') throw new PatternFault('missing ] of a class')
      const posix = /^\[:(\^?)(\w+):\]/.exec(rest)
      if (rest[0] === ']' && !first) break
      if (posix !== null) out += this.#posix(posix)
      else if (rest[0] === '\\') out += this.#escape(true)
      else {
        out += '[]^'.includes(rest[0] as string) ? `\\${rest[0]}` : rest[0]
        this.#at++
      }
    }
    this.#at++
    return open + (this.#modes.anyCase ? bothCases(out) : out).concat(']')
  }

  #posix([whole, not, name = '']: RegExpExecArray): string {
    const found = POSIX[name]
    if (found === undefined) throw new PatternFault(`[:${name}:] is no class`)
    this.#at += whole.length
    return found[not === '^' ? 1 : 0]
  }

  #cased(character: string, literal = false): string {
    const plain = literal ? character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&') : character
    return this.#modes.anyCase && /[a-z]/i.test(character) ? `[${character.toLowerCase()}${character.toUpperCase()}]` : plain
  }
}

function codeText(code: number): string {
  if (code > 0xffff) throw new PatternFault('a character above U+FFFF has no counterpart here')
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** A class with the other case of its letters, ranges of letters included. */
function bothCases(members: string): string {
  const letters = members.replace(/\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|.)/g, (code) => ' '.repeat(code.length))
  const more = [...letters.matchAll(/([a-z])-([a-z])|([A-Z])-([A-Z])|([A-Za-z])/g)].map(([text]) =>
    text.toLowerCase() === text ? text.toUpperCase() : text.toLowerCase(),
  )
  return members + more.join('')
}
