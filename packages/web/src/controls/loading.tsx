import { useWords } from '../words/use-words.ts'
import styles from './notice.module.css'

/** A place for what is on its way; invisible for the first 200 ms so that quick answers do not flicker. */
export function Loading() {
  const words = useWords()
  return (
    <div className={styles.skeleton} role="status">
      <span className="hidden-text">{words.loading}</span>
      {['96%', '82%', '90%', '70%', '86%'].map((width) => (
        <div key={width} className={styles.bar} style={{ width }} />
      ))}
    </div>
  )
}
