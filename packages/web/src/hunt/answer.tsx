import type { QueryReply } from '@podwitness/api'
import { useMemo } from 'react'
import controls from '../controls/controls.module.css'
import { CHART_KINDS, type HuntSearch } from '../search/hunt-search.ts'
import { useWords } from '../words/use-words.ts'
import { chartOf } from './chart-series.ts'
import { csvOf, ndjsonOf, saveAs } from './export-rows.ts'
import { FieldList } from './field-list.tsx'
import styles from './hunt-page.module.css'
import type { HuntLanguage } from './language-support.ts'
import { LinkNotice } from './link-notice.tsx'
import { NoRows } from './no-rows.tsx'
import { isRefinable, refineQuery } from './refine-query.ts'
import { ResultChart } from './result-chart.tsx'
import { ResultTable } from './result-table.tsx'
import { shownColumns } from './shown-columns.ts'

interface AnswerProps {
  readonly reply: QueryReply
  readonly language: HuntLanguage
  readonly query: string
  readonly stale: boolean
  /** Columns shown, in order; all where undefined. */
  readonly columns: readonly string[] | undefined
  readonly chart: HuntSearch['chart']
  /** The short link that led here. */
  readonly link: string | undefined
  readonly onView: (next: Partial<Record<keyof HuntSearch, unknown>>) => void
  readonly onRefine: (query: string) => void
}

/** The most rows the server gives at once. */
export const MOST_ROWS = 100_000
const CHART_WORDS = { line: 'chartLine', bar: 'chartBar', none: 'chartNone' } as const

/** An answer: how it came about, as a chart where the query or somebody asks for one, and as a table. */
export function Answer({ reply, language, query, stale, columns, chart: wanted, link, onView, onRefine }: AnswerProps) {
  const words = useWords()
  const shown = useMemo(() => shownColumns(reply.columns, columns), [reply, columns])
  const asked = reply.render !== undefined
  const drawn = wanted ?? (asked ? 'asked' : 'none')
  const chart = useMemo(() => {
    if (drawn === 'none') return undefined
    return chartOf(reply, drawn === 'asked' ? undefined : drawn)
  }, [reply, drawn])
  const refine = useMemo(() => {
    if (!isRefinable(language, query)) return undefined
    return (column: string, type: string, value: unknown, keep: boolean) => {
      const refined = refineQuery(language, query, column, type, value, keep)
      if (refined !== undefined) onRefine(refined)
    }
  }, [language, query, onRefine])
  const { rows, scannedRows, elapsedMs, truncated } = reply.stats
  const seen = useMemo(() => ({ ...reply, ...selected(reply, shown) }), [reply, shown])
  return (
    <div className={styles.answer} aria-busy={stale}>
      <p className={styles.stats} role="status">
        <strong>{words.rowsShown(rows)}</strong>
        {truncated && <strong className={styles.cut}> {words.cutAt(rows)}</strong>}
        {truncated && rows < MOST_ROWS && (
          <button type="button" className={controls.button} onClick={() => onView({ rows: 'most' })}>
            {words.moreRows(MOST_ROWS)}
          </button>
        )}
        <span className={styles.soft}> · {words.scanned(scannedRows, Math.round(elapsedMs))}</span>
      </p>
      {link !== undefined && <LinkNotice link={link} reply={reply} />}
      <div className={styles.exports}>
        <select
          className={controls.field}
          aria-label={words.chartKind}
          value={wanted ?? ''}
          onChange={(event) => onView({ chart: CHART_KINDS.find((one) => one === event.target.value) })}
        >
          <option value="">{asked ? words.chartAsAsked : words.chartNone}</option>
          {CHART_KINDS.filter((one) => asked || one !== 'none').map((one) => (
            <option key={one} value={one}>
              {words[CHART_WORDS[one]]}
            </option>
          ))}
        </select>
        <button type="button" className={controls.button} onClick={() => saveAs('podwitness.csv', 'text/csv', csvOf(seen))}>
          CSV
        </button>
        <button
          type="button"
          className={controls.button}
          onClick={() => saveAs('podwitness.jsonl', 'application/x-ndjson', ndjsonOf(seen))}
        >
          JSONL
        </button>
      </div>
      {chart !== undefined && <ResultChart chart={chart} label={words.chartOf(chart.series.length)} />}
      {chart === undefined && wanted !== undefined && wanted !== 'none' && <p className={styles.note}>{words.noChart}</p>}
      {reply.rows.length === 0 ? (
        <NoRows />
      ) : (
        <div className={styles.result}>
          <FieldList reply={reply} shown={shown} onShow={(cols) => onView({ cols })} onRefine={refine} />
          <ResultTable reply={reply} shown={shown} onRefine={refine} />
        </div>
      )}
    </div>
  )
}

/** The answer with the columns that are shown: an export is what somebody sees. */
function selected({ columns, rows }: QueryReply, shown: readonly number[]): Pick<QueryReply, 'columns' | 'rows'> {
  return {
    columns: shown.flatMap((at) => columns[at] ?? []),
    get rows() {
      return rows.map((row) => shown.map((at) => row[at]))
    },
  }
}
