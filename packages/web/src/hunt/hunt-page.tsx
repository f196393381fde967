import { ApiError, type QueryReply, type SavedQuery } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { copyText } from '../controls/copy-text.ts'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { client } from '../data/client.ts'
import { stateQuery } from '../data/queries.ts'
import { usePageKeys } from '../keys/use-page-keys.ts'
import type { HuntSearch } from '../search/hunt-search.ts'
import { askedRange, boundsOf, spanMs, type TimeSearch, usualRange } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import { Answer, MOST_ROWS } from './answer.tsx'
import { NO_TIME, timeOf, wholeSpan } from './asked-time.ts'
import { Examples } from './examples.tsx'
import { HuntBar } from './hunt-bar.tsx'
import styles from './hunt-page.module.css'
import { HUNT_LANGUAGES } from './language-support.ts'
import { MatchHistogram } from './match-histogram.tsx'
import type { EditorFault } from './query-editor.tsx'
import { QueryFace } from './query-face.tsx'
import { type PastQuery, rememberQuery } from './query-history.ts'
import { SaveDialog, type SavedContent } from './save-dialog.tsx'
import { formatted } from './server-language.ts'
import { shareAddress } from './share-address.ts'

const route = getRouteApi('/hunt')
/** Rows asked for where nobody asks for more. */
const ROWS = 10_000

/** A question in KQL, SLS or SQL, and its answer. What was run, and how it is shown, is in the address. */
export function HuntPage() {
  const words = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useState(search.q ?? '')
  // Back and forward bring an earlier query: the editor shows what the answer is to.
  useEffect(() => setText(search.q ?? ''), [search.q])
  const language = search.lang ?? 'kql'
  const state = useQuery(stateQuery)
  const newest = state.data?.newest
  const [zoomedFrom, setZoomedFrom] = useState<readonly TimeSearch[]>([])
  const [saving, setSaving] = useState(false)
  const [origin, setOrigin] = useState<SavedQuery>()
  const { range, from, to, at } = search
  const asked = useMemo(() => {
    const now = Date.now()
    const wanted = askedRange(timeOf({ range, from, to, at })) ?? (newest === undefined ? undefined : usualRange(newest, now))
    return wanted === undefined ? undefined : { range: wanted, bounds: boundsOf(wanted, now) }
  }, [range, from, to, at, newest])
  const limit = search.rows === 'most' ? MOST_ROWS : ROWS
  const answer = useQuery({
    queryKey: ['hunt', language, search.q, limit, asked?.bounds],
    enabled: search.q !== undefined && asked !== undefined,
    queryFn: ({ signal }) =>
      client.query(
        { lang: language, query: search.q ?? '', limit, ownTimeWins: true, contentHash: true, ...asked?.bounds },
        signal,
      ),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const change = (next: Partial<Record<keyof HuntSearch, unknown>>, replace = false) =>
    void navigate({ search: (before) => ({ ...before, link: undefined, ...next }) as HuntSearch, replace, resetScroll: !replace })
  const run = (query: PastQuery = { language, text }, view: Partial<Record<keyof HuntSearch, unknown>> = {}) => {
    if (query.text.trim() === '') return
    rememberQuery(query)
    setText(query.text)
    const same = query.text === search.q && query.language === language
    if (same && Object.keys(view).length === 0) void answer.refetch()
    else change({ q: query.text, lang: query.language === 'kql' ? undefined : query.language, rows: undefined, ...view })
  }
  const runSaved = (saved: SavedQuery) => {
    setOrigin(saved)
    const { columns: cols, chart, range: span } = saved.view ?? {}
    run({ language: saved.lang, text: saved.query }, { cols, chart, ...(span === undefined ? {} : { ...NO_TIME, range: span }) })
  }
  const zoom = (start: string, end: string) => {
    setZoomedFrom((before) => [...before, timeOf(search)])
    change({ ...NO_TIME, from: start, to: end })
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
  const share = () => shareAddress(location.href, asked?.bounds ?? {}, Date.now())
  const shareShort = async () => {
    const { pathname, searchParams } = new URL(share())
    searchParams.delete('link')
    const { id } = await client.shareLink({ address: `${pathname}?${searchParams}`, ...contentOfAnswer(answer.data) })
    return `${location.origin}/l/${id}`
  }
  usePageKeys([
    { keys: 'Control+Enter', word: 'keyRun' },
    { keys: 'Control+Space', word: 'keyComplete' },
    { keys: 'Alt+↑ ↓', word: 'keyPastQuery' },
    { keys: 'z', word: 'keyUnzoom', act: unzoom },
    { keys: 'w', word: 'keySave', act: () => text.trim() !== '' && setSaving(true) },
    { keys: 'y', word: 'copyLink', act: () => void copyText(share()) },
  ])
  return (
    <div className={styles.page}>
      <title>{`${words.hunt} · podwitness`}</title>
      <HuntBar
        search={search}
        language={language}
        text={text}
        range={asked?.range}
        inQuery={answer.data?.ownTime}
        zoomed={zoomedFrom.length > 0}
        share={share}
        shareShort={shareShort}
        onFace={chooseFace}
        onTime={(next) => change(next)}
        onRun={run}
        onSaved={runSaved}
        onSave={() => setSaving(true)}
        onLayOut={() => void formatted(language, text).then(setText)}
        onUnzoom={unzoom}
      />
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
        <MatchHistogram
          language={language}
          query={search.q}
          {...span}
          onZoom={(answer.data?.ownTime ?? []).length > 0 ? undefined : zoom}
        />
      )}
      {search.q === undefined ? (
        <Examples onChoose={run} />
      ) : answer.isError ? (
        <FailureNotice error={answer.error} onRetry={() => void answer.refetch()} />
      ) : answer.data === undefined ? (
        <Loading />
      ) : (
        <Answer
          key={`${language} ${search.q}`}
          reply={answer.data}
          language={language}
          query={search.q}
          stale={answer.isFetching}
          columns={search.cols}
          chart={search.chart}
          link={search.link}
          onView={(next) => change(next, true)}
          onRefine={(refined) => run({ language, text: refined })}
        />
      )}
      {saving && (
        <SaveDialog
          content={contentOf(search, language, text)}
          origin={origin}
          onSaved={(saved) => {
            setOrigin(saved)
            setSaving(false)
          }}
          onClose={() => setSaving(false)}
        />
      )}
    </div>
  )
}

/** A query and how it is looked at; of times those that move with the clock. */
function contentOf({ cols, chart, range, at }: HuntSearch, lang: SavedContent['lang'], query: string): SavedContent {
  const moving = at === undefined && range !== undefined && (range === 'all' || spanMs(range) !== undefined)
  const view = {
    ...(cols === undefined ? {} : { columns: [...cols] }),
    ...(chart === undefined ? {} : { chart }),
    ...(moving ? { range } : {}),
  }
  return { lang, query, ...(Object.keys(view).length === 0 ? {} : { view }) }
}

/** What a link says of the answer; which rows a cut answer holds is chance. */
function contentOfAnswer(reply: QueryReply | undefined): { rows?: number; contentHash?: string } {
  if (reply === undefined) return {}
  const { contentHash, stats } = reply
  return { rows: stats.rows, ...(contentHash === undefined || stats.truncated ? {} : { contentHash }) }
}

/** Where the server says the text is wrong. */
function faultOf(error: Error | null): EditorFault | undefined {
  if (!(error instanceof ApiError) || error.line === undefined || error.column === undefined) return undefined
  return { line: error.line, column: error.column, message: error.what }
}
