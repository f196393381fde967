import type { ListedSession } from '@podwitness/api'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { useWords } from '../words/use-words.ts'
import { SessionRow } from './session-row.tsx'
import styles from './session-table.module.css'

interface SessionTableProps {
  readonly sessions: readonly ListedSession[]
  readonly total: number
  readonly search: SessionsSearch
  /** Index of the row that the keyboard is on, -1 for none. */
  readonly selected: number
  readonly apiMissing: boolean
  /** Whether this is the answer to the question before. */
  readonly stale: boolean
  readonly onEnd: () => void
}

const ROW_PX = 34

/** The sessions, one a row; only the rows in sight are in the page. */
export function SessionTable({ sessions, total, search, selected, apiMissing, stale, onEnd }: SessionTableProps) {
  const words = useWords()
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [])
  const virtual = useWindowVirtualizer({
    count: sessions.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => sessions[index]?.traceId ?? index,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= sessions.length - 20) onEnd()
  }, [last, sessions.length, onEnd])
  useEffect(() => {
    if (selected < 0) return
    virtual.scrollToIndex(selected, { align: 'auto' })
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-index="${selected}"] a`)?.focus({ preventScroll: true }),
    )
  }, [selected, virtual])
  const wanted = search.command !== undefined
  const heads = [words.start, words.length, words.account, words.where, words.entry]
  return (
    <div aria-busy={stale} className={styles.table}>
      <div aria-hidden="true" className={styles.head}>
        {[...heads, wanted ? words.matchInSession : words.commandAsked, words.commandsShort, words.risk, words.confidence].map(
          (name) => (
            <span key={name}>{name}</span>
          ),
        )}
      </div>
      <ul ref={list} aria-label={words.sessions} className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const session = sessions[row.index]
          return (
            session && (
              <li
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                aria-setsize={total}
                aria-posinset={row.index + 1}
                className={styles.row}
                data-alarming={session.entry === 'node-local' || session.entry === 'unrecorded'}
                style={{ transform: `translateY(${row.start - virtual.options.scrollMargin}px)` }}
              >
                <SessionRow session={session} search={search} apiMissing={apiMissing} />
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}
