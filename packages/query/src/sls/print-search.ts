import type { Search, Word } from './search-query.ts'

/** The search as text that parses to the same search. */
export function printSearch(search: Search): string {
  switch (search.type) {
    case 'all':
      return '*'
    case 'and':
    case 'or':
      return search.items.map(printItem).join(` ${search.type} `)
    case 'not':
      return `not ${printItem(search.item)}`
    case 'term': {
      const key = search.key === undefined ? '' : `${printWord(search.key)}: `
      return `${key}${search.phrase ? `#${quote(search.value.text)}` : printWord(search.value)}`
    }
    case 'compare':
      return `${printWord(search.key)} ${search.operator} ${search.value}`
    case 'range': {
      const { low, high } = search
      return `${printWord(search.key)} in ${low.inclusive ? '[' : '('}${low.value} ${high.value}${high.inclusive ? ']' : ')'}`
    }
  }
}

function printItem(item: Search): string {
  return item.type === 'and' || item.type === 'or' || item.type === 'not' ? `(${printSearch(item)})` : printSearch(item)
}

function printWord(word: Word): string {
  return word.quoted ? quote(word.text) : word.text
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
