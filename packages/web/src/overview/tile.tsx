import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { useWords } from '../words/use-words.ts'
import styles from './overview-page.module.css'

interface TileProps {
  readonly name: string
  readonly count: number
  /** The list that the number counts. */
  readonly search: SessionsSearch
  readonly note?: string | undefined
  readonly alarm?: boolean
  readonly children: ReactNode
}

/** A number that opens the list it counts, and what it is made of. */
export function Tile({ name, count, search, note, alarm = false, children }: TileProps) {
  const words = useWords()
  return (
    <section className={styles.tile} data-alarm={alarm}>
      <h2 className={styles.name}>{name}</h2>
      <Link to="/sessions" search={search} className={styles.count}>
        {words.count(count)}
        {alarm && <span aria-hidden="true"> !</span>}
      </Link>
      {note !== undefined && <span className={styles.note}>{note}</span>}
      {children}
    </section>
  )
}
