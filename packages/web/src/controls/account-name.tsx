import type { SessionSummary } from '@podwitness/api'
import { Fragment } from 'react'
import { useWords } from '../words/use-words.ts'
import styles from './account-name.module.css'
import { IdentityNote } from './identity-note.tsx'
import { RecordedText } from './recorded-text.tsx'

/** Accounts that a session may be of: the named one, or every candidate, each once. */
export function accountsOf(session: Pick<SessionSummary, 'user' | 'candidates'>): readonly string[] {
  if (session.user !== null) return [session.user]
  return [...new Set(session.candidates.map((candidate) => candidate.user))]
}

/** Who it was: `alice`, `alice or bob`, or that nobody is named. */
export function AccountName({ session }: { readonly session: Pick<SessionSummary, 'user' | 'candidates'> }) {
  const words = useWords()
  const accounts = accountsOf(session)
  if (accounts.length === 0) return <span className={styles.nobody}>? {words.unnamed}</span>
  return (
    <span className={styles.account}>
      {accounts.map((account, index) => (
        <Fragment key={account}>
          {index > 0 && <span className={styles.or}> {words.or} </span>}
          <RecordedText text={account} limit={80} />
          <IdentityNote account={account} />
        </Fragment>
      ))}
    </span>
  )
}
