import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { copyText } from '../controls/copy-text.ts'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { Loading } from '../controls/loading.tsx'
import { usePageKeys } from '../keys/use-page-keys.ts'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { boundsOf, searchOfRange, type TimeRange } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import { EmptySessions } from './empty-sessions.tsx'
import { FilterBar } from './filter-bar.tsx'
import { JumpForm } from './jump-form.tsx'
import { MissingNotice } from './missing-notice.tsx'
import { SessionTable } from './session-table.tsx'
import styles from './sessions-page.module.css'
import { useSessions } from './use-sessions.ts'

const route = getRouteApi('/sessions')

/** Who entered which container: the list, its filters and the search through all commands. */
export function SessionsPage() {
  const words = useWords()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { state, first, failed, sessionAt, range, query, setSight } = useSessions(search)
  const total = first.data?.total ?? 0
  const searchField = useRef<HTMLInputElement>(null)
  const [selected, setSelected] = useState(-1)
  const change = useCallback(
    (next: Partial<Record<keyof SessionsSearch, unknown>>) => {
      setSelected(-1)
      void navigate({ search: (before) => ({ ...before, ...next }) as SessionsSearch, replace: true })
    },
    [navigate],
  )
  const open = (index: number) => {
    const session = sessionAt(index)
    if (session === undefined) return
    const cmd = session.topMatch?.eventId
    void navigate({
      to: '/s/$traceId',
      params: { traceId: session.traceId },
      search: { ...(cmd ? { cmd } : {}), ...findOf(search) },
    })
  }
  usePageKeys([
    { keys: '/', word: 'keySearch', act: () => searchField.current?.select() },
    { keys: 'j', word: 'keyNextRow', act: () => setSelected((at) => Math.min(at + 1, total - 1)) },
    { keys: 'k', word: 'keyPreviousRow', act: () => setSelected((at) => Math.max(at - 1, 0)) },
    { keys: 'Home', word: 'keyFirstRow', act: () => setSelected(total > 0 ? 0 : -1) },
    { keys: 'End', word: 'keyLastRow', act: () => setSelected(total - 1) },
    { keys: 'Enter', word: 'keyOpen' },
    { keys: 'o', word: 'keyOpen', act: () => open(selected) },
    { keys: 'y', word: 'copyLink', act: () => void copyText(linkOf(range)) },
    { keys: 'Escape', word: 'keyOut', act: () => setSelected(-1) },
  ])
  const failure = state.error ?? first.error ?? failed?.error ?? null
  return (
    <div className={styles.page}>
      <title>{`${words.sessions} · podwitness`}</title>
      <div className={styles.head}>
        <h1 className={styles.title}>{words.sessions}</h1>
        <p className={styles.lead}>{words.sessionsLead}</p>
      </div>
      <FilterBar
        search={search}
        range={range}
        facets={first.data?.facets}
        total={first.data}
        onChange={change}
        searchField={searchField}
      />
      {state.data && <MissingNotice missing={state.data.missing} />}
      {failure !== null ? (
        <FailureNotice error={failure} onRetry={() => void (state.isError ? state : first.isError ? first : failed)?.refetch()} />
      ) : first.data === undefined || state.data === undefined ? (
        <Loading />
      ) : total === 0 ? (
        <EmptySessions state={state.data} inRange={first.data.inRange} onChange={change} />
      ) : (
        <>
          {query !== undefined && total > first.data.sessions.length && (
            <JumpForm query={query} total={total} onJump={setSelected} />
          )}
          <SessionTable
            sessionAt={sessionAt}
            total={total}
            search={search}
            selected={selected}
            apiMissing={state.data.missing.includes('no-api-audit')}
            stale={first.isPlaceholderData}
            onSight={setSight}
          />
        </>
      )}
    </div>
  )
}

/** What the Session page should search for after a search here. */
function findOf(search: SessionsSearch): { find?: string } {
  return search.command === undefined || /[*?]/.test(search.command) ? {} : { find: search.command }
}

/** The address of what is shown, a relative time made absolute: tomorrow it must show the same. */
function linkOf(range: TimeRange | undefined): string {
  const address = new URL(location.href)
  if (range?.kind !== 'last') return address.href
  const now = Date.now()
  const { from } = boundsOf(range, now)
  const absolute = searchOfRange({ kind: 'between', from: from ?? '', to: new Date(now).toISOString() })
  for (const [name, value] of Object.entries(absolute)) {
    if (value === undefined) address.searchParams.delete(name)
    else address.searchParams.set(name, value)
  }
  return address.href
}
