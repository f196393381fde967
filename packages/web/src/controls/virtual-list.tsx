import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import styles from './virtual-list.module.css'

interface VirtualListProps {
  readonly label: string
  readonly count: number
  readonly rowPx: number
  /** Kept in sight; -1 for none. */
  readonly selected: number
  readonly keyOf: (index: number) => string
  readonly children: (index: number) => ReactNode
}

/** A long list of which only the rows in sight are in the page. */
export function VirtualList({ label, count, rowPx, selected, keyOf, children }: VirtualListProps) {
  const box = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 10,
    getItemKey: keyOf,
  })
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' })
  }, [selected, virtual])
  return (
    <div ref={box} className={styles.box}>
      <ul className={styles.list} aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => (
          <li
            key={row.key}
            ref={virtual.measureElement}
            data-index={row.index}
            aria-setsize={count}
            aria-posinset={row.index + 1}
            className={styles.row}
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {children(row.index)}
          </li>
        ))}
      </ul>
    </div>
  )
}
