import type { Catalog, Field } from '../catalog/catalog.ts'
import { FUNCTIONS } from '../functions/index.ts'
import { PIPELINE_STEPS } from '../sls/parse-pipeline.ts'
import { type Completion, type CompletionKind, type CompletionList, MAX_COMPLETIONS } from './editor-answer.ts'
import { analysisPlace, type SlsPlace, searchPlace } from './sls-place.ts'

const list = (words: string): readonly string[] => words.split(' ')
/** Words by the place they can stand at. */
const WORDS: Readonly<Partial<Record<SlsPlace, readonly string[]>>> = {
  search: ['not'],
  searched: list('and or not in'),
  start: list('select with'),
  query: list('select with all'),
  by: ['by'],
  window: list('partition order rows range'),
  expression: list('distinct case cast try_cast not null true false array interval date timestamp extract select when'),
  operand: list(
    'as and or in like not is between from where group order having limit over asc desc nulls union join left right full cross inner on using when then else end rows preceding following filter with escape distinct null',
  ),
}
const TYPES = list('varchar bigint double boolean timestamp date json integer real smallint tinyint array map')

/** What could stand at the cursor, by what stands before it. @param start Where the analysis part begins, if there is one. */
export function completeSls(text: string, position: number, start: number | undefined, catalog: Catalog): CompletionList {
  const inAnalysis = start !== undefined && position >= start
  const before = text.slice(0, position)
  const typed = (inAnalysis ? /"?[\w.:-]*$/ : /[\w.:-]*$/).exec(before)?.[0] ?? ''
  const from = position - typed.length
  const place = inAnalysis ? analysisPlace(text.slice(0, from), start) : searchPlace(text.slice(0, from))
  const wanted = typed.replaceAll('"', '').toLowerCase()
  const rank = ({ label }: Completion): number => {
    const at = label.toLowerCase().indexOf(wanted)
    return at === 0 ? 0 : at > 0 ? 1 : 2
  }
  const items = itemsAt(place, text, catalog)
    .filter((one) => rank(one) < 2)
    .sort((a, b) => rank(a) - rank(b))
  return { from, to: position, items: items.slice(0, MAX_COMPLETIONS) }
}

/** What is likeliest first. */
function itemsAt(place: SlsPlace, text: string, { logstore }: Catalog): Completion[] {
  const words = (WORDS[place] ?? []).map((label) => item(label, 'keyword'))
  const fields = (quoted: boolean): Completion[] => logstore.fields.map((field) => fieldItem(field, quoted))
  switch (place) {
    case 'search':
      return [...fields(false), ...words]
    case 'searched':
      return [...words, ...fields(false)]
    case 'expression':
      return [...fields(true), ...aliases(text), ...functionItems(), ...words]
    case 'source':
      return [item('log', 'table'), ...withNames(text).map((name) => item(name, 'table')), call('unnest', 'function', '')]
    case 'start':
      return [...words, ...steps()]
    case 'step':
      return steps()
    case 'type':
      return TYPES.map((label) => ({ label, kind: 'type', before: label, after: '' }))
    default:
      return words
  }
}

const item = (label: string, kind: CompletionKind): Completion => ({ label, kind, before: `${label} `, after: '' })
const call = (label: string, kind: CompletionKind, detail: string): Completion => ({
  label,
  kind,
  before: `${label}(`,
  after: ')',
  ...(detail === '' ? {} : { detail }),
})

function fieldItem({ name, type }: Field, quoted: boolean): Completion {
  const written = /^\w+$/.test(name) ? name : `"${name}"`
  return { label: name, kind: 'field', before: quoted ? written : `${name}: `, after: '', detail: type }
}

function functionItems(): Completion[] {
  return Object.entries(FUNCTIONS).map(([name, { kind, min, max }]) =>
    call(name, kind === 'scalar' ? 'function' : 'aggregate', argumentsText(min, max)),
  )
}

export const argumentsText = (min: number, max: number): string =>
  min === max ? `${min} argument(s)` : `${min} to ${max} arguments`
const steps = (): Completion[] => PIPELINE_STEPS.map((label) => item(label, 'operator'))

/** Names the query itself gives to columns. */
function aliases(text: string): Completion[] {
  const names = [...text.matchAll(/\bas\s+(?:"([^"\n]+)"|([A-Za-z_]\w*))(?!\s*[(\w])/gi)].map(
    ([, quoted, name]) => quoted ?? name ?? '',
  )
  return [...new Set(names)]
    .filter((name) => !TYPES.includes(name.toLowerCase()))
    .map((label) => ({ label, kind: 'variable', before: /^\w+$/.test(label) ? label : `"${label}"`, after: '' }))
}

/** `with a as (…), b as (…)`. */
const withNames = (text: string): string[] => [
  ...new Set([...text.matchAll(/(?:\bwith|,)\s+([A-Za-z_]\w*)\s+as\s*\(/gi)].map(([, name = '']) => name)),
]
