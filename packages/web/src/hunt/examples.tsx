import controls from '../controls/controls.module.css'
import { useWords } from '../words/use-words.ts'
import { EXAMPLES } from './example-queries.ts'
import styles from './hunt-page.module.css'
import { LANGUAGE_NAMES } from './language-support.ts'
import type { PastQuery } from './query-history.ts'

/** Queries to begin with, where nothing is asked yet. */
export function Examples({ onChoose }: { readonly onChoose: (query: PastQuery) => void }) {
  const words = useWords()
  return (
    <section className={styles.examples}>
      <h2 className={styles.part}>{words.examples}</h2>
      <ul>
        {EXAMPLES.map(({ title, language, text }) => (
          <li key={text}>
            <button type="button" className={controls.button} onClick={() => onChoose({ language, text })}>
              {words[title]} <span className={styles.soft}>{LANGUAGE_NAMES[language]}</span>
            </button>
            <pre className={styles.example}>{text}</pre>
          </li>
        ))}
      </ul>
    </section>
  )
}
