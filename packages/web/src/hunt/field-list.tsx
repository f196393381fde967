import type { QueryReply } from '@podwitness/api'
import { useMemo } from 'react'
import { cellText } from '../text/cell-text.ts'
import { RecordedText } from '../text/recorded-text.tsx'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'

interface FieldListProps {
  readonly reply: QueryReply
  readonly hidden: ReadonlySet<string>
  readonly onToggle: (name: string) => void
}

const TOP = 5

/** The columns of an answer with their commonest values in the rows that were given; each can be taken out of the table. */
export function FieldList({ reply, hidden, onToggle }: FieldListProps) {
  const words = useWords()
  const fields = useMemo(() => reply.columns.map(({ name, type }, at) => ({ name, type, top: topValues(reply, at) })), [reply])
  return (
    <details className={styles.fields} open>
      <summary>{words.fields}</summary>
      <p className={styles.soft}>{words.topOfRows(reply.rows.length)}</p>
      <ul>
        {fields.map(({ name, type, top }) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={!hidden.has(name)} onChange={() => onToggle(name)} />{' '}
              <RecordedText text={name} limit={60} /> <span className={styles.soft}>{type}</span>
            </label>
            <ol className={styles.tops}>
              {top.map(({ value, count }) => (
                <li key={value}>
                  <RecordedText text={value === '' ? words.emptyValue : value} limit={40} />{' '}
                  <span className={styles.soft}>{count}</span>
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
function topValues({ rows }: QueryReply, at: number): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const value = cellText(row[at]).slice(0, 200)
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  if (counts.size === rows.length && rows.length > 1) return []
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return sorted.slice(0, TOP).map(([value, count]) => ({ value, count }))
}
