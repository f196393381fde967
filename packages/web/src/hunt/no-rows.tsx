import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { stateQuery } from '../data/queries.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'

const route = getRouteApi('/hunt')

/** An answer without rows: nothing is stored at all, or nothing of this time matches, and from when to when there is data. */
export function NoRows() {
  const words = useWords()
  const { at, from, to, ...rest } = route.useSearch()
  const isNarrowed = rest.range !== 'all' || [at, from, to].some((bound) => bound !== undefined)
  const { oldest = null, newest = null } = useQuery(stateQuery).data ?? {}
  if (oldest === null || newest === null)
    return (
      <p className={styles.soft}>
        {words.emptyStore}.{' '}
        <Link to="/settings/$section" params={{ section: 'set-up' }}>
          {words.emptyStoreSteps}
        </Link>
      </p>
    )
  return (
    <p className={styles.soft}>
      {words.noRows} {words.emptyRangeDo(dateTimeText(oldest), dateTimeText(newest))}{' '}
      {isNarrowed && (
        <Link to="/hunt" search={{ ...rest, range: 'all' }}>
          {words.showAllData}
        </Link>
      )}
    </p>
  )
}
