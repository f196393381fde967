import { ApiError } from '@podwitness/api'
import { inertText } from '../text/visible-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import controls from './controls.module.css'
import { CopyButton } from './copy-button.tsx'
import styles from './notice.module.css'

/** Codes that say that the reader, not the request, is the reason. */
const NOT_YOURS: ReadonlySet<string> = new Set(['PW-AU-005', 'PW-AU-015'])

/** A page, or a part of one, that the reader's role may not use: nothing failed. */
function NotForRole({ code }: { readonly code: string }) {
  const words = useWords()
  return (
    <section className={styles.notice}>
      <h2 className={styles.title}>{words.notForRole}</h2>
      <p className={styles.why}>{words.notForRoleWhy}</p>
      <p className={styles.actions}>
        <code>{code}</code>
      </p>
    </section>
  )
}

/** What failed, why, what to do, and the code to look up. */
export function FailureNotice({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const words = useWords()
  if (error instanceof ApiError && NOT_YOURS.has(error.code)) return <NotForRole code={error.code} />
  const known = error instanceof ApiError ? error : { what: error.message, why: '', do: '', code: 'PW-UI-001' }
  return (
    <section className={styles.notice} role="alert">
      <h2 className={styles.title}>{inertText(known.what)}</h2>
      {known.why !== '' && (
        <p className={styles.why}>
          <strong>{words.why}:</strong> {inertText(known.why)}
        </p>
      )}
      {known.do !== '' && (
        <p>
          <strong>{words.doThis}:</strong> {inertText(known.do)}
        </p>
      )}
      <p className={styles.actions}>
        <code>{known.code}</code>
        <CopyButton text={`${known.code} ${known.what} ${known.why}`} word="copy" />
        {onRetry !== undefined && (
          <button type="button" className={controls.button} onClick={onRetry}>
            {words.retry}
          </button>
        )}
      </p>
    </section>
  )
}

/** A page of which nothing is there but what failed. */
export function FailedPage({ word, ...failure }: { readonly word: PlainWord } & Parameters<typeof FailureNotice>[0]) {
  const words = useWords()
  return (
    <>
      <title>{`${words[word]} · podwitness`}</title>
      <h1 className="hidden-text">{words[word]}</h1>
      <FailureNotice {...failure} />
    </>
  )
}
