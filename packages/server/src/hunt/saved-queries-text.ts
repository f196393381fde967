import { type TextFault, YamlReader } from '@podwitness/alert'
import { QUERY_LANGUAGES, type RouteInput, type SavedQuery, type saveQueryRoute } from '@podwitness/api'
import { editQuery, type SavedFunction } from '@podwitness/query'
import { Document, type Node, type Scalar, type YAMLMap } from 'yaml'

/** What a text says of one query; whose it will be and under which id is not part of it. */
type QueryContent = Omit<RouteInput<typeof saveQueryRoute>['body'], 'id'>

/** Queries of a text, and everything that is wrong with it. */
export interface QueriesText {
  readonly queries: readonly QueryContent[]
  readonly faults: readonly TextFault[]
}

const KEYS = ['kind', 'name', 'description', 'language', 'shared', 'view', 'query']
const VIEW_KEYS = ['columns', 'chart', 'range']
/** As the routes of saved queries have them, in UTF-16 code units. */
const MOST_CHARACTERS = { name: 120, description: 2000, query: 65_536 } as const
/** A span as addresses have it, or everything. */
const RANGE = /^(?:all|\d{1,5}[smhd])$/

/** Saved queries as one text: a document each, with the view (columns, chart, time) and the query as a block of its own lines. */
export function queriesText(
  queries: readonly Pick<SavedQuery, 'name' | 'description' | 'lang' | 'shared' | 'view' | 'query'>[],
): string {
  return queries.map(documentText).join('---\n')
}

function documentText({ name, description, lang, shared, view, query }: Parameters<typeof queriesText>[0][number]): string {
  const document = new Document({
    kind: 'query',
    name,
    ...(description === '' ? {} : { description }),
    language: lang,
    ...(shared ? { shared } : {}),
    ...(view === undefined || Object.keys(view).length === 0 ? {} : { view }),
    query: `${query.trimEnd()}\n`,
  })
  const text = document.get('query', true) as Scalar
  text.type = 'BLOCK_LITERAL'
  return document.toString({ lineWidth: 0 })
}

/** Reads saved queries; what is wrong has its place, inside the queries too. Nothing is thrown for any text. */
export async function readQueriesText(text: string, functions: readonly SavedFunction[]): Promise<QueriesText> {
  const reader = new YamlReader(text)
  const queries: QueryContent[] = []
  const names = new Set<string>()
  for (const document of reader.documents) {
    const found = await readQuery(reader, document, functions)
    if (names.has(found.name))
      reader.fault(document, `Two queries are called “${found.name}”.`, 'A name stands for one query of its owner.')
    names.add(found.name)
    queries.push(found)
  }
  return { queries, faults: reader.faults }
}

async function readQuery(reader: YamlReader, document: YAMLMap, functions: readonly SavedFunction[]): Promise<QueryContent> {
  const fields = reader.fields(document, KEYS)
  const kind = reader.text(fields.get('kind'), 'query')
  if (kind !== 'query') reader.fault(fields.get('kind'), `"${kind}" is no saved query.`, 'Rules are taken on the page Rules.')
  const text = (name: keyof typeof MOST_CHARACTERS, needed: boolean): string => {
    const value = reader.text(fields.get(name), '').trimEnd()
    const most = MOST_CHARACTERS[name]
    if (needed && value === '') reader.fault(fields.get(name) ?? document, `The ${name} is missing.`)
    if (value.length > most) reader.fault(fields.get(name), `The ${name} has more than ${most} characters.`)
    return value
  }
  const lang = reader.word(fields.get('language'), QUERY_LANGUAGES, 'kql')
  const query = text('query', true)
  if (query !== '') await diagnose(reader, fields.get('query'), { lang, query, functions })
  const view = readView(reader, fields.get('view'))
  return {
    name: text('name', true).trim(),
    description: text('description', false),
    lang,
    query,
    shared: reader.flag(fields.get('shared'), false),
    ...(view === undefined ? {} : { view }),
  }
}

function readView(reader: YamlReader, node: Node | undefined): QueryContent['view'] {
  const map = reader.map(node)
  if (map === undefined) return undefined
  const fields = reader.fields(map, VIEW_KEYS)
  const columns = reader.list(fields.get('columns')).map((column) => reader.text(column, ''))
  const chart = reader.text(fields.get('chart'), '')
  const range = reader.text(fields.get('range'), '')
  if (range !== '' && !RANGE.test(range))
    reader.fault(fields.get('range'), `"${range}" is no span of time.`, 'Write 24h, 7d or all.')
  return {
    ...(columns.length === 0 ? {} : { columns }),
    ...(chart === '' ? {} : { chart }),
    ...(range === '' ? {} : { range }),
  }
}

interface Asked {
  readonly lang: QueryContent['lang']
  readonly query: string
  readonly functions: readonly SavedFunction[]
}

async function diagnose(reader: YamlReader, node: Node | undefined, { lang, query, functions }: Asked): Promise<void> {
  if (node === undefined || query.length > MOST_CHARACTERS.query) return
  for (const { from, message, severity } of await editQuery({ task: 'diagnose', lang, text: query, functions })) {
    if (severity !== 'error') continue
    const before = query.slice(0, from).split('\n')
    reader.faultWithin(node, { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message, hint: '' }, 'query')
  }
}
