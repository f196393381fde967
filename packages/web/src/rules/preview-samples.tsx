import type { RulePreview } from '@podwitness/api'
import styles from '../alerts/alerts-page.module.css'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { cellText } from '../text/cell-text.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import { exceptionOf } from './add-exception.ts'

const SHOWN = 10

interface PreviewSamplesProps {
  readonly preview: RulePreview
  /** Takes the values that rows to leave out have. */
  readonly onExcept: (exception: Record<string, string>) => void
}

/** Some of the rows a rule would have told of; a click leaves their like out. */
export function PreviewSamples({ preview: { samples, windows }, onExcept }: PreviewSamplesProps) {
  const words = useWords()
  const rows = samples.slice(0, SHOWN)
  return (
    <>
      {windows.looked < windows.all && <p className={styles.soft}>{words.windowsLooked(windows.looked, windows.all)}</p>}
      {rows.length > 0 && (
        <ul className={styles.messages} aria-label={words.samplesOf}>
          {rows.map((row) => {
            const exception = exceptionOf(row)
            const values = Object.values(row).map(cellText)
            const text = values.filter((one) => one !== '').join(' · ')
            return (
              <li key={text}>
                <RecordedText text={text} limit={200} />{' '}
                <button
                  type="button"
                  className={controls.quiet}
                  title={inertText(Object.values(exception).join(' · '))}
                  onClick={() => onExcept(exception)}
                >
                  {words.exceptRow}
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}
