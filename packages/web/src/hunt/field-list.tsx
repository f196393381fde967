import type { QueryReply } from '@podwitness/api'
import { useMemo } from 'react'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { cellText } from '../text/cell-text.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'

interface FieldListProps {
  readonly reply: QueryReply
  /** Positions of the columns that are shown. */
  readonly shown: readonly number[]
  /** Columns to show from now on; undefined for all. */
  readonly onShow: (names: readonly string[] | undefined) => void
  readonly onRefine: ((column: string, type: string, value: unknown, keep: boolean) => void) | undefined
}

const TOP = 5
/** Rows whose values are counted: enough to see what is common, at once. */
const LOOKED_AT = 5000

/** The columns of an answer with their commonest values; each can be taken out of the table, each value asked for or left out. */
export function FieldList({ reply, shown, onShow, onRefine }: FieldListProps) {
  const words = useWords()
  const fields = useMemo(
    () => reply.columns.map(({ name, type }, at) => ({ name, type, at, top: topValues(reply, at) })),
    [reply],
  )
  const all = shown.length === reply.columns.length
  const nameOf = (at: number) => reply.columns[at]?.name ?? ''
  const toggle = (at: number) => {
    const next = shown.includes(at) ? shown.filter((one) => one !== at) : [...shown, at]
    onShow(next.length === reply.columns.length || next.length === 0 ? undefined : next.map(nameOf))
  }
  return (
    <details className={styles.fields} open>
      <summary>{words.fields}</summary>
      <p className={styles.soft}>{words.topOfRows(Math.min(reply.rows.length, LOOKED_AT))}</p>
      {!all && (
        <button type="button" className={controls.button} onClick={() => onShow(undefined)}>
          {words.allColumns}
        </button>
      )}
      <ul>
        {fields.map(({ name, type, at, top }) => (
          <li key={at}>
            <label>
              <input type="checkbox" checked={shown.includes(at)} onChange={() => toggle(at)} />{' '}
              <RecordedText text={name} limit={60} /> <span className={styles.soft}>{type}</span>
            </label>{' '}
            {reply.columns.length > 1 && (
              <button
                type="button"
                className={styles.only}
                aria-label={words.onlyColumn(inertText(name))}
                onClick={() => onShow([name])}
              >
                {words.only}
              </button>
            )}
            <ol className={styles.tops}>
              {top.map(({ text, value, count }) => (
                <li key={text}>
                  <RecordedText text={text === '' ? words.emptyValue : text} limit={40} />{' '}
                  <span className={styles.soft}>{count}</span>
                  {onRefine !== undefined && typeof value !== 'object' && (
                    <span className={styles.topActs}>
                      {[true, false].map((keep) => (
                        <button
                          key={String(keep)}
                          type="button"
                          aria-label={keep ? words.includeNamed(inertText(text)) : words.excludeNamed(inertText(text))}
                          onClick={() => onRefine(name, type, value, keep)}
                        >
                          {keep ? '+' : '−'}
                        </button>
                      ))}
                    </span>
                  )}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Values that repeat, commonest first; none where every row has its own. */
function topValues({ rows }: QueryReply, at: number): { text: string; value: unknown; count: number }[] {
  const counts = new Map<string, { value: unknown; count: number }>()
  const looked = rows.slice(0, LOOKED_AT)
  for (const row of looked) {
    const text = cellText(row[at])
    const known = counts.get(text)
    if (known === undefined) counts.set(text, { value: row[at], count: 1 })
    else known.count++
  }
  if (counts.size === looked.length && looked.length > 1) return []
  const sorted = [...counts].sort(([, a], [, b]) => b.count - a.count)
  return sorted.slice(0, TOP).map(([text, { value, count }]) => ({ text, value, count }))
}
