import type { Overview } from '@podwitness/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { client } from '../data/client.ts'
import { integrityQuery, stateQuery } from '../data/queries.ts'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { EmptySessions } from '../sessions/empty-sessions.tsx'
import { MissingNotice } from '../sessions/missing-notice.tsx'
import { TimePicker } from '../sessions/time-picker.tsx'
import { askedRange, boundsOf, searchOfRange, type TimeSearch, usualRange } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import { CountList } from './count-list.tsx'
import { EntryBars } from './entry-bars.tsx'
import styles from './overview-page.module.css'
import { AccountsPanel, PodsPanel } from './panels.tsx'
import { RiskyOperations } from './risky-operations.tsx'
import { Tile } from './tile.tsx'

const route = getRouteApi('/')

/** The report of what happened inside containers: each number opens the list it counts. */
export function OverviewPage() {
  const words = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const state = useQuery(stateQuery)
  const newest = state.data?.newest
  // One "now" for the range that is shown and for the question that is asked.
  const asked = useMemo(() => {
    const now = Date.now()
    const range = askedRange(search) ?? (newest === undefined ? undefined : usualRange(newest, now))
    return range === undefined ? undefined : { range, bounds: boundsOf(range, now) }
  }, [search, newest])
  const overview = useQuery({
    queryKey: ['overview', asked?.bounds],
    enabled: asked !== undefined,
    queryFn: ({ signal }) => client.overview(asked?.bounds ?? {}, signal),
    placeholderData: keepPreviousData,
  })
  const failure = state.error ?? overview.error
  const change = (next: Record<string, unknown>) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <div className={styles.page}>
      <title>{`${words.overview} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.overview}</h1>
        <p className={styles.lead}>{words.overviewLead}</p>
        <TimePicker range={asked?.range} onChange={change} />
      </div>
      {state.data && <MissingNotice missing={state.data.missing} />}
      {failure !== null ? (
        <FailureNotice error={failure} onRetry={() => void (state.isError ? state.refetch() : overview.refetch())} />
      ) : overview.data === undefined || state.data === undefined ? (
        <Loading />
      ) : overview.data.entries.total === 0 ? (
        <EmptySessions state={state.data} inRange={0} onChange={change} />
      ) : (
        <Report overview={overview.data} time={asked === undefined ? {} : timeOf(searchOfRange(asked.range))} />
      )}
    </div>
  )
}

/** A range as the lists take it, without the parameters it does not set. */
function timeOf(range: Record<string, string | undefined>): TimeSearch {
  return Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined))
}

function Report({ overview, time }: { readonly overview: Overview; readonly time: TimeSearch }) {
  const words = useWords()
  const { entries, pods, accountsTotal, commands, unrecorded, riskyOperations } = overview
  const list = (filters: SessionsSearch): SessionsSearch => ({ ...time, ...filters })
  return (
    <>
      <div className={styles.tiles}>
        <Tile name={words.entries} count={entries.total} search={list({})} note={changeText(entries, words.changed)}>
          <EntryBars entries={entries} />
        </Tile>
        <Tile name={words.podsEntered} count={pods.total} search={list({})} note={words.accountsCount(accountsTotal)}>
          <CountList items={pods.namespaces} searchOf={(name) => list({ namespace: [name] })} />
        </Tile>
        <Tile
          name={words.riskyCommands}
          count={commands.risky}
          search={list({ risk: 'medium', sort: 'risk' })}
          alarm={commands.risky > 0}
          note={words.ofCommands(commands.total)}
        >
          <CountList items={commands.riskyNames} searchOf={(name) => list({ command: name, risk: 'medium' })} code />
        </Tile>
        <Tile
          name={words.noApiRecord}
          count={unrecorded.total}
          search={list({ confidence: ['none'] })}
          alarm={unrecorded.total > 0}
          note={words.noneMeans}
        >
          <CountList items={unrecorded.nodes} searchOf={() => list({ confidence: ['none'] })} />
        </Tile>
        <EvidenceTile />
      </div>
      <div className={styles.panels}>
        <AccountsPanel accounts={overview.accounts} total={accountsTotal} searchOf={(user) => list({ user: [user] })} />
        <PodsPanel
          pods={overview.enteredPods}
          total={pods.total}
          searchOf={({ namespace, pod }) => list({ namespace: [namespace], pod })}
        />
        <section className={styles.panel}>
          <h2 className={styles.panelTitle}>{words.commandsRun}</h2>
          <h3 className={styles.part}>{words.mostRun}</h3>
          <CountList items={commands.top} searchOf={(name) => list({ command: name })} code />
          <h3 className={styles.part}>{words.rarelyRun}</h3>
          <CountList items={commands.rare} searchOf={(name) => list({ command: name })} code />
        </section>
      </div>
      <RiskyOperations operations={riskyOperations} total={commands.risky} search={list({ risk: 'medium', sort: 'risk' })} />
    </>
  )
}

function changeText({ total, before }: Overview['entries'], text: (change: number) => string): string | undefined {
  return before === null ? undefined : text(total - before)
}

/** Whether the evidence is as it was stored: what the last check said, or that none was made. */
function EvidenceTile() {
  const words = useWords()
  const { data } = useQuery(integrityQuery)
  if (data === undefined || !data.available) return null
  const word = data.intact === null ? words.notChecked : data.intact ? words.intact : words.notIntact
  return (
    <Link to="/integrity" className={styles.tile} data-alarm={data.intact === false}>
      <span className={styles.name}>{words.evidence}</span>
      <span className={styles.word}>{word}</span>
      <span className={styles.note}>{data.intact === null ? words.checkNow : words.signedRows(data.rows, data.batches)}</span>
    </Link>
  )
}
