import type { QueryReply } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { sharedLinkQuery } from '../data/shared-link-query.ts'
import { inertText } from '../text/visible-text.ts'
import { dateTimeText } from '../time/clock-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'

/** Whether an answer is what somebody saw who made the short link that led to it. */
export function LinkNotice({ link, reply }: { readonly link: string; readonly reply: QueryReply }) {
  const words = useWords()
  const { data } = useQuery(sharedLinkQuery(link))
  if (data?.rows === undefined) return null
  const { rows, contentHash, by, made } = data
  const when = words.linkMade(inertText(by), dateTimeText(made))
  const now = reply.stats.rows
  if (rows !== now)
    return (
      <p className={styles.note} role="status">
        {words.wasShared(rows, now)} {when}
      </p>
    )
  if (contentHash === undefined || reply.stats.truncated) return null
  const same = contentHash === reply.contentHash
  return (
    <p className={same ? styles.soft : styles.note} role="status">
      {same ? words.sameAsShared : words.otherThanShared} {when}
    </p>
  )
}
