import type { QueryReply } from '@podwitness/api'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { RecordedText } from '../controls/recorded-text.tsx'
import { usePageKeys } from '../keys/use-page-keys.ts'
import { useWords } from '../words/use-words.ts'
import { columnWidths } from './column-widths.ts'
import { ResultRow, type ShownColumn } from './result-row.tsx'
import styles from './result-table.module.css'

interface ResultTableProps {
  readonly reply: Pick<QueryReply, 'columns' | 'rows'>
  /** Positions of the columns shown, in order. */
  readonly shown: readonly number[]
  /** Widths in characters; made of the first rows where absent. */
  readonly widths?: readonly number[]
  /** Somebody began to read a row. */
  readonly onTouch?: () => void
  /** Undefined where the language has no way to add a condition. */
  readonly onRefine: ((column: string, type: string, value: unknown, keep: boolean) => void) | undefined
}

/** Height of a row whose details are closed, in CSS pixels; the style sheet says the same. */
const ROW_PX = 28
const NOWHERE = { row: -1, column: 0 }

/** The answer as a table of any length: only the rows in sight are in the page. A row opens to everything it has. */
export function ResultTable({ reply, shown, widths: given, onTouch, onRefine }: ResultTableProps) {
  const words = useWords()
  const box = useRef<HTMLElement>(null)
  const [active, setActive] = useState(NOWHERE)
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const widths = useMemo(() => given ?? columnWidths(reply), [given, reply])
  const columns = useMemo(
    () => shown.flatMap((at): ShownColumn[] => (reply.columns[at] === undefined ? [] : [{ ...reply.columns[at], at }])),
    [reply, shown],
  )
  const virtual = useVirtualizer({
    count: reply.rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  const toggle = (row: number) => {
    onTouch?.()
    setOpen((before) => {
      const next = new Set(before)
      if (!next.delete(row)) next.add(row)
      return next
    })
  }
  const move = (rows: number, across: number) => {
    const row = Math.max(0, Math.min(reply.rows.length - 1, active.row + rows))
    const column = Math.max(0, Math.min(columns.length - 1, active.column + across))
    onTouch?.()
    setActive({ row, column })
    virtual.scrollToIndex(row, { align: 'auto' })
    requestAnimationFrame(() =>
      box.current
        ?.querySelectorAll<HTMLElement>(`[data-index="${row}"] td[data-cell]`)
        [column]?.focus({ preventScroll: rows !== 0 }),
    )
  }
  const refine = (keep: boolean) => {
    const column = columns[active.column]
    const row = reply.rows[active.row]
    if (column !== undefined && row !== undefined) onRefine?.(column.name, column.type, row[column.at] ?? null, keep)
  }
  usePageKeys([
    { keys: 'j', word: 'keyNextRow', act: () => move(1, 0) },
    { keys: 'k', word: 'keyPreviousRow', act: () => move(-1, 0) },
    { keys: 'ArrowRight', word: 'keyNextCell', act: () => move(0, 1) },
    { keys: 'ArrowLeft', word: 'keyPreviousCell', act: () => move(0, -1) },
    { keys: 'Enter', word: 'keyUnfold', act: () => active.row >= 0 && toggle(active.row) },
    { keys: '+', word: 'includeValue', act: () => refine(true) },
    { keys: '-', word: 'excludeValue', act: () => refine(false) },
  ])
  const rows = virtual.getVirtualItems()
  const above = rows[0]?.start ?? 0
  const below = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section ref={box} className={styles.scroll} aria-label={words.rowsShown(reply.rows.length)} tabIndex={0}>
      <table className={styles.table} aria-rowcount={reply.rows.length + 1}>
        <colgroup>
          <col className={styles.unfoldColumn} />
          {columns.map(({ at }) => (
            <col key={at} style={{ width: `${widths[at] ?? 10}ch` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <span className="hidden-text">{words.keyUnfold}</span>
            </th>
            {columns.map(({ name, type, at }) => (
              <th key={at} scope="col" title={type} data-number={typeof reply.rows[0]?.[at] === 'number'}>
                <RecordedText text={name} limit={60} />
              </th>
            ))}
          </tr>
        </thead>
        <Room height={above} />
        {rows.map(({ key, index }) => {
          const values = reply.rows[index]
          return (
            values && (
              <tbody key={key} data-index={index} ref={virtual.measureElement}>
                <ResultRow
                  index={index}
                  columns={columns}
                  all={reply.columns}
                  values={values}
                  open={open.has(index)}
                  active={active.row === index ? active.column : -1}
                  onActive={setActive}
                  onToggle={toggle}
                  onRefine={onRefine}
                />
              </tbody>
            )
          )
        })}
        <Room height={below} />
      </table>
    </section>
  )
}

/** The place of rows that are not in the page. */
function Room({ height }: { readonly height: number }) {
  if (height <= 0) return null
  return (
    <tbody aria-hidden="true">
      <tr style={{ height }} />
    </tbody>
  )
}
