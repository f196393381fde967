import type { QueryReply } from '@podwitness/api'
import { useMemo, useState } from 'react'
import controls from '../controls/controls.module.css'
import { useWords } from '../words/use-words.ts'
import { chartOf } from './chart-series.ts'
import { csvOf, ndjsonOf, saveAs } from './export-rows.ts'
import { FieldList } from './field-list.tsx'
import styles from './hunt-page.module.css'
import type { HuntLanguage } from './language-support.ts'
import { refineQuery } from './refine-query.ts'
import { ResultChart } from './result-chart.tsx'
import { ResultTable } from './result-table.tsx'

interface AnswerProps {
  readonly reply: QueryReply
  readonly language: HuntLanguage
  readonly query: string
  readonly stale: boolean
  readonly onRefine: (query: string) => void
}

/** An answer: how it came about, as a chart where the query asks for one, and as a table. */
export function Answer({ reply, language, query, stale, onRefine }: AnswerProps) {
  const words = useWords()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const chart = useMemo(() => (reply.render === undefined ? undefined : chartOf(reply)), [reply])
  const toggle = (name: string) =>
    setHidden((before) => {
      const next = new Set(before)
      if (!next.delete(name)) next.add(name)
      return next
    })
  const refine = (column: string, type: string, value: unknown, keep: boolean) => {
    const refined = refineQuery(language, query, column, type, value, keep)
    if (refined !== undefined) onRefine(refined)
  }
  const { rows, scannedRows, elapsedMs, truncated } = reply.stats
  return (
    <div className={styles.answer} aria-busy={stale}>
      <p className={styles.stats} role="status">
        <strong>{words.rowsShown(rows)}</strong>
        {truncated && <strong className={styles.cut}> {words.cutAt(rows)}</strong>}
        <span className={styles.soft}> · {words.scanned(scannedRows, Math.round(elapsedMs))}</span>
        <span className={styles.exports}>
          <button type="button" className={controls.button} onClick={() => saveAs('podwitness.csv', 'text/csv', csvOf(reply))}>
            CSV
          </button>
          <button
            type="button"
            className={controls.button}
            onClick={() => saveAs('podwitness.jsonl', 'application/x-ndjson', ndjsonOf(reply))}
          >
            JSONL
          </button>
        </span>
      </p>
      {chart !== undefined && <ResultChart chart={chart} label={words.chartOf(chart.series.length)} />}
      {reply.rows.length === 0 ? (
        <p className={styles.soft}>{words.noRows}</p>
      ) : (
        <div className={styles.result}>
          <FieldList reply={reply} hidden={hidden} onToggle={toggle} />
          <ResultTable reply={reply} hidden={hidden} onRefine={language === 'kql' ? refine : undefined} />
        </div>
      )}
    </div>
  )
}
