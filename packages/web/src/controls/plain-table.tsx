import type { ReactNode } from 'react'
import styles from './plain-table.module.css'

/** A column of a short table. */
interface PlainColumn {
  readonly title: string
  /** Figures stand under each other, to the right. */
  readonly number?: boolean
  /** The title is for assistive technology only. */
  readonly quiet?: boolean
}

interface PlainTableProps {
  readonly label: string
  readonly columns: readonly PlainColumn[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[]
}

/** A table of a few rows. Where the window is narrow it scrolls within itself, by keyboard too. */
export function PlainTable({ label, columns, rows }: PlainTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ title, number, quiet }) => (
              <th key={title} scope="col" data-number={number}>
                {quiet === true ? <span className="hidden-text">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={columns[index]?.title ?? index} data-number={columns[index]?.number}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
