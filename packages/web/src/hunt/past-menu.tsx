import controls from '../controls/controls.module.css'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'
import { LANGUAGE_NAMES } from './language-support.ts'
import { type PastQuery, pastQueries } from './query-history.ts'

/** The queries of this browser, to run one again. */
export function PastMenu({ onChoose }: { readonly onChoose: (query: PastQuery) => void }) {
  const words = useWords()
  const past = pastQueries()
  if (past.length === 0) return null
  return (
    <select
      className={`${controls.field} ${styles.past}`}
      aria-label={words.pastQueries}
      value=""
      onChange={(event) => {
        const chosen = past[Number(event.target.value)]
        if (chosen !== undefined) onChoose(chosen)
      }}
    >
      <option value="">{words.pastQueries}</option>
      {past.map(({ language, text }, index) => (
        <option key={`${language} ${text}`} value={index}>
          {`${LANGUAGE_NAMES[language]}  ${inertText(text.replace(/\s+/g, ' ').slice(0, 90))}`}
        </option>
      ))}
    </select>
  )
}
