import type { QueryReply } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { cellText } from '../text/cell-text.ts'
import { RecordedText } from '../text/recorded-text.tsx'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'

interface ResultTableProps {
  readonly reply: QueryReply
  readonly hidden: ReadonlySet<string>
  /** Undefined where the language has no way to add a condition. */
  readonly onRefine: ((column: string, type: string, value: unknown, keep: boolean) => void) | undefined
}

/** Rows put into the page at a time: a table stays a table, and a hundred thousand rows do not stop the browser. */
const PORTION = 200

/** Columns that lead to a page of ours. */
const SESSION_COLUMNS = new Set(['traceid', 'trace_id'])
const EVENT_COLUMNS = new Set(['eventid', 'event_id'])
/** So much of an id is told apart by eye; the whole of it is in the link and its title. */
const ID_LENGTH = 8
const TIMES = /^(datetime|DateTime.*)$/

/** The answer as a table, each cell to include or exclude. */
export function ResultTable({ reply, hidden, onRefine }: ResultTableProps) {
  const words = useWords()
  const [shown, setShown] = useState(PORTION)
  const columns = reply.columns.flatMap((column, at) => (hidden.has(column.name) ? [] : [{ ...column, at }]))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.scroll} aria-label={words.rowsShown(reply.rows.length)} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ name, type, at }) => (
              <th key={at} scope="col" title={type}>
                <RecordedText text={name} limit={60} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {reply.rows.slice(0, shown).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no identity but their place.
            <tr key={index}>
              {columns.map(({ name, type, at }) => (
                <td key={at} data-number={typeof row[at] === 'number'} data-time={TIMES.test(type)}>
                  <Cell name={name} value={row[at]} />
                  {onRefine !== undefined && (
                    <span className={styles.refine}>
                      {[true, false].map((keep) => (
                        <button
                          key={String(keep)}
                          type="button"
                          aria-label={keep ? words.includeValue : words.excludeValue}
                          title={keep ? words.includeValue : words.excludeValue}
                          onClick={() => onRefine(name, type, row[at] ?? null, keep)}
                        >
                          {keep ? '+' : '−'}
                        </button>
                      ))}
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown < reply.rows.length && (
        <button type="button" className={controls.button} onClick={() => setShown((count) => count + 5 * PORTION)}>
          {words.showMore(reply.rows.length - shown)}
        </button>
      )}
    </section>
  )
}

function Cell({ name, value }: { readonly name: string; readonly value: unknown }) {
  const text = cellText(value)
  const key = name.toLowerCase()
  if (text !== '' && SESSION_COLUMNS.has(key))
    return (
      <Link to="/s/$traceId" params={{ traceId: text }} title={inertText(text)}>
        {inertText(text.slice(0, ID_LENGTH))}
      </Link>
    )
  if (text !== '' && EVENT_COLUMNS.has(key))
    return (
      <Link to="/e/$eventId" params={{ eventId: text }} title={inertText(text)}>
        {inertText(text.slice(0, ID_LENGTH))}
      </Link>
    )
  return <RecordedText text={text} limit={120} />
}
