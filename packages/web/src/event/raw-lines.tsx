import type { EventDetail } from '@podwitness/api'
import { useState } from 'react'
import { CopyButton } from '../controls/copy-button.tsx'
import { RecordedText } from '../controls/recorded-text.tsx'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './event.module.css'

/** The lines of an event exactly as they were received. */
export function RawLines({ detail }: { readonly detail: EventDetail }) {
  const words = useWords()
  const [wrap, setWrap] = useState(true)
  return (
    <section className={styles.raw}>
      <div className={styles.rawHead}>
        <span>
          {words.rawLead(detail.rawLines.length)} · {inertText(detail.source.format)}
        </span>
        <label>
          <input type="checkbox" checked={wrap} onChange={(event) => setWrap(event.target.checked)} /> {words.wrap}
        </label>
        <CopyButton text={detail.raw} word="copyRaw" />
      </div>
      {detail.rawEncoding === 'latin1' && <p>{words.rawLatin}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard */}
      <ol className={styles.lines} data-wrap={wrap} tabIndex={0} aria-label={words.rawRecord}>
        {detail.rawLines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <li key={index}>
            <RecordedText text={line} limit={8000} />
          </li>
        ))}
      </ol>
    </section>
  )
}
