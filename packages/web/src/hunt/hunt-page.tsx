import { ApiError } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { client } from '../app/client.ts'
import { stateQuery } from '../app/queries.ts'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import { copyText } from '../controls/copy-text.ts'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { usePageKeys } from '../keys/use-page-keys.ts'
import type { HuntSearch } from '../search/hunt-search.ts'
import { TimePicker } from '../sessions/time-picker.tsx'
import { askedRange, boundsOf, type TimeSearch, usualRange } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import { Answer } from './answer.tsx'
import { Examples } from './examples.tsx'
import styles from './hunt-page.module.css'
import { HUNT_LANGUAGES, LANGUAGE_NAMES } from './language-support.ts'
import { MatchHistogram } from './match-histogram.tsx'
import { PastMenu } from './past-menu.tsx'
import type { EditorFault } from './query-editor.tsx'
import { QueryFace } from './query-face.tsx'
import { type PastQuery, rememberQuery } from './query-history.ts'
import { formatted } from './server-language.ts'

const route = getRouteApi('/hunt')
/** Rows asked for: a person looks at hundreds; exports of more are the command line's. */
const ROWS = 5000

/** A question in KQL, SLS or SQL, and its answer. What was run is in the address. */
export function HuntPage() {
  const words = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useState(search.q ?? '')
  const language = search.lang ?? 'kql'
  const state = useQuery(stateQuery)
  const newest = state.data?.newest
  const [zoomedFrom, setZoomedFrom] = useState<readonly TimeSearch[]>([])
  const asked = useMemo(() => {
    const now = Date.now()
    const range = askedRange(search) ?? (newest === undefined ? undefined : usualRange(newest, now))
    return range === undefined ? undefined : { range, bounds: boundsOf(range, now) }
  }, [search, newest])
  const answer = useQuery({
    queryKey: ['hunt', language, search.q, asked?.bounds],
    enabled: search.q !== undefined && asked !== undefined,
    queryFn: ({ signal }) => client.query({ lang: language, query: search.q ?? '', limit: ROWS, ...asked?.bounds }, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const change = (next: Partial<Record<keyof HuntSearch, unknown>>, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...next }) as HuntSearch, replace })
  const run = (query: PastQuery = { language, text }) => {
    if (query.text.trim() === '') return
    rememberQuery(query)
    setText(query.text)
    if (query.text === search.q && query.language === language) void answer.refetch()
    else change({ q: query.text, lang: query.language === 'kql' ? undefined : query.language })
  }
  const zoom = (from: string, to: string) => {
    setZoomedFrom((before) => [...before, timeOf(search)])
    change({ ...NO_TIME, from, to })
  }
  const unzoom = () => {
    const before = zoomedFrom.at(-1)
    if (before === undefined) return
    setZoomedFrom(zoomedFrom.slice(0, -1))
    change({ ...NO_TIME, ...before })
  }
  // A form is another face of KQL: an SLS or SQL query that is there already stays what it is, and the page says so.
  const chooseFace = (face: string) => {
    const next = face === 'simple' && text.trim() === '' ? 'kql' : HUNT_LANGUAGES.find((one) => one === face)
    change({ ...(next === undefined ? {} : { lang: next }), mode: face === 'simple' ? 'simple' : undefined }, true)
  }
  const span = wholeSpan(asked?.bounds, state.data)
  usePageKeys([
    { keys: 'Control+Enter', word: 'keyRun' },
    { keys: 'Control+Space', word: 'keyComplete' },
    { keys: 'z', word: 'keyUnzoom', act: unzoom },
    { keys: 'y', word: 'copyLink', act: () => void copyText(location.href) },
  ])
  return (
    <div className={styles.page}>
      <title>{`${words.hunt} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.hunt}</h1>
        <select
          className={controls.field}
          aria-label={words.queryLanguage}
          value={search.mode ?? language}
          onChange={(event) => chooseFace(event.target.value)}
        >
          {HUNT_LANGUAGES.map((one) => (
            <option key={one} value={one}>
              {LANGUAGE_NAMES[one]}
            </option>
          ))}
          <option value="simple">{words.simple}</option>
        </select>
        <TimePicker range={asked?.range} onChange={(next) => change(next, true)} />
        <button type="button" className={controls.primary} onClick={() => run()}>
          {words.run} <kbd className={styles.runKey}>Ctrl ⏎</kbd>
        </button>
        <button
          type="button"
          className={controls.button}
          disabled={text.trim() === ''}
          onClick={() => void formatted(language, text).then(setText)}
        >
          {words.formatQuery}
        </button>
        {text.trim() !== '' && (
          <Link to="/rules" search={{ q: text, lang: language }} className={controls.button}>
            {words.makeRule}
          </Link>
        )}
        <PastMenu onChoose={run} />
        {zoomedFrom.length > 0 && (
          <button type="button" className={controls.button} onClick={unzoom}>
            {words.keyUnzoom} <kbd>z</kbd>
          </button>
        )}
        {search.q !== undefined && <CopyButton text={location.href} word="copyLink" />}
      </div>
      <QueryFace
        language={language}
        text={text}
        simple={search.mode === 'simple'}
        fault={faultOf(answer.error)}
        bounds={asked?.bounds ?? {}}
        onChange={setText}
        onRun={() => run()}
        onEditor={() => change({ mode: undefined }, true)}
      />
      {search.q !== undefined && language !== 'sql' && span !== undefined && (
        <MatchHistogram language={language} query={search.q} {...span} onZoom={zoom} />
      )}
      {search.q === undefined ? (
        <Examples onChoose={run} />
      ) : answer.isError ? (
        <FailureNotice error={answer.error} />
      ) : answer.data === undefined ? (
        <Loading />
      ) : (
        <Answer
          key={`${language} ${search.q}`}
          reply={answer.data}
          language={language}
          query={search.q}
          stale={answer.isFetching}
          onRefine={(refined) => run({ language, text: refined })}
        />
      )}
    </div>
  )
}

const NO_TIME = { range: undefined, from: undefined, to: undefined, at: undefined }

/** What an address says of time, the absent parameters named too. */
function timeOf({ range, from, to, at }: HuntSearch): TimeSearch {
  const said = Object.entries({ range, from, to, at }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(said)
}

/** Bounds with both ends: an open one is where the data ends. Undefined where there is nothing between them. */
function wholeSpan(
  bounds: { from?: string; to?: string } | undefined,
  state: { oldest: string | null; newest: string | null } | undefined,
): { from: string; to: string } | undefined {
  const from = bounds?.from ?? state?.oldest ?? undefined
  // The end is not part of a span: the newest event is to be in it.
  const to = bounds?.to ?? (state?.newest ? new Date(Date.parse(state.newest) + 1000).toISOString() : undefined)
  return bounds === undefined || from === undefined || to === undefined || from >= to ? undefined : { from, to }
}

/** Where the server says the text is wrong. */
function faultOf(error: Error | null): EditorFault | undefined {
  if (!(error instanceof ApiError) || error.line === undefined || error.column === undefined) return undefined
  return { line: error.line, column: error.column, message: error.what }
}
