import type { QueryReply } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { copyText } from '../controls/copy-text.ts'
import { RecordedText } from '../controls/recorded-text.tsx'
import { cellText } from '../text/cell-text.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './result-table.module.css'

/** A column that is shown, and its position in the rows. */
export interface ShownColumn {
  readonly name: string
  readonly type: string
  readonly at: number
}

interface ResultRowProps {
  readonly index: number
  readonly columns: readonly ShownColumn[]
  readonly all: QueryReply['columns']
  readonly values: readonly unknown[]
  readonly open: boolean
  /** The cell of this row that the keyboard or the pointer is on; -1 for none. */
  readonly active: number
  readonly onActive: (cell: { row: number; column: number }) => void
  readonly onToggle: (row: number) => void
  readonly onRefine: ((column: string, type: string, value: unknown, keep: boolean) => void) | undefined
}

/** Columns that lead to a page of ours. */
const SESSION_COLUMNS = new Set(['traceid', 'trace_id'])
const EVENT_COLUMNS = new Set(['eventid', 'event_id'])
/** So much of an id is told apart by eye; the whole of it is in the link and its title. */
const ID_LENGTH = 8
/** Characters of a value that its cell may show at most; the row's details have the rest. */
const CELL_LENGTH = 160
/** Characters of a value that the details show before the rest is folded away. */
const DETAIL_LENGTH = 2000

/** One row of an answer: a line, and where it is opened every value whole. */
export const ResultRow = memo(function ResultRow(props: ResultRowProps) {
  const { index, columns, all, values, open, active, onActive, onToggle, onRefine } = props
  const words = useWords()
  return (
    <>
      <tr aria-rowindex={index + 2} data-active={active >= 0}>
        <td className={styles.unfold}>
          <button type="button" aria-expanded={open} aria-label={words.unfoldRow(index + 1)} onClick={() => onToggle(index)}>
            {open ? '▾' : '▸'}
          </button>
        </td>
        {columns.map(({ name, type, at }, column) => (
          <td
            key={at}
            data-cell
            data-number={typeof values[at] === 'number'}
            tabIndex={active === column ? 0 : -1}
            onMouseEnter={() => onActive({ row: index, column })}
            onFocus={() => active !== column && onActive({ row: index, column })}
          >
            <span className={styles.text}>
              <Cell name={name} value={values[at]} length={CELL_LENGTH} />
            </span>
            {active === column && (
              <CellActs name={name} type={type} value={values[at]} last={column === columns.length - 1} onRefine={onRefine} />
            )}
          </td>
        ))}
      </tr>
      {open && (
        <tr>
          <td colSpan={columns.length + 1} className={styles.details}>
            <dl>
              {all.map(({ name, type }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name; their place is what they are.
                <div key={at}>
                  <dt>
                    <RecordedText text={name} limit={60} />
                  </dt>
                  <dd>
                    <Cell name={name} value={values[at]} length={DETAIL_LENGTH} />
                    <CellActs name={name} type={type} value={values[at]} last={false} onRefine={onRefine} />
                  </dd>
                </div>
              ))}
            </dl>
          </td>
        </tr>
      )}
    </>
  )
})

interface CellActsProps extends Pick<ResultRowProps, 'onRefine'> {
  readonly name: string
  readonly type: string
  readonly value: unknown
  /** Of the last column: there is no room to its right. */
  readonly last: boolean
}

/** What can be done with a value: only rows with it, none with it, copy it. */
function CellActs({ name, type, value, last, onRefine }: CellActsProps) {
  const words = useWords()
  const refinable = onRefine !== undefined && (typeof value !== 'object' || value === null)
  return (
    <span className={`${styles.acts} ${last ? styles.lastActs : ''}`}>
      {refinable &&
        [true, false].map((keep) => (
          <button
            key={String(keep)}
            type="button"
            aria-label={keep ? words.includeValue : words.excludeValue}
            title={keep ? words.includeValue : words.excludeValue}
            onClick={() => onRefine(name, type, value ?? null, keep)}
          >
            {keep ? '+' : '−'}
          </button>
        ))}
      <button type="button" aria-label={words.copyValue} title={words.copyValue} onClick={() => void copyText(cellText(value))}>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="M4 4h7v7H4zM8 4V1H1v7h3" />
        </svg>
      </button>
    </span>
  )
}

function Cell({ name, value, length }: { readonly name: string; readonly value: unknown; readonly length: number }) {
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
  if (length === CELL_LENGTH) return <RecordedText text={text.slice(0, CELL_LENGTH)} />
  return <RecordedText text={text} limit={length} />
}
