import type { Alert } from '@podwitness/api'
import { RecordedText } from '../controls/recorded-text.tsx'
import { useWords } from '../words/use-words.ts'
import styles from './alerts-page.module.css'
import { subjectOf } from './subject-of-rows.ts'

/** More accounts than this are counted, not listed. */
const LISTED = 4

/** Who, where and what an alert is about, in one line: the values its rows have, commonest words first. */
export function AlertSubject({ alert }: { readonly alert: Alert }) {
  const words = useWords()
  const parts = subjectOf(alert.rows)
  if (parts.length === 0) return null
  return (
    <p className={styles.subject}>
      {parts.map((values) => (
        <span key={values[0]}>
          {values.slice(0, LISTED).map((value) => (
            <span key={value} className={styles.value}>
              <RecordedText text={value} limit={100} />
            </span>
          ))}
          {values.length > LISTED && <span className={styles.soft}>{words.andMore(values.length - LISTED)}</span>}
        </span>
      ))}
    </p>
  )
}
