import { Link } from '@tanstack/react-router'
import { RecordedText } from '../controls/recorded-text.tsx'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { useWords } from '../words/use-words.ts'
import styles from './overview-page.module.css'

interface CountListProps {
  readonly items: readonly { readonly name: string; readonly count: number }[]
  searchOf(name: string): SessionsSearch
  /** Names are programs. */
  readonly code?: boolean
}

/** Names and how often, each opening its own list. */
export function CountList({ items, searchOf, code = false }: CountListProps) {
  const words = useWords()
  if (items.length === 0) return null
  return (
    <ul className={styles.counts}>
      {items.map(({ name, count }) => (
        <li key={name}>
          <Link to="/sessions" search={searchOf(name)} className={code ? styles.code : undefined}>
            <RecordedText text={name || words.unnamed} limit={40} />
          </Link>{' '}
          <span className={styles.soft}>{words.count(count)}</span>
        </li>
      ))}
    </ul>
  )
}
