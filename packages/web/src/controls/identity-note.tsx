import type { identitiesRoute, RouteReply } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { identitiesQuery } from '../data/settings-queries.ts'
import styles from './account-name.module.css'
import { identityLookup, identityText } from './identity-of.ts'
import { RecordedText } from './recorded-text.tsx'

const lookupOf = (reply: RouteReply<typeof identitiesRoute>) => identityLookup(reply.identities)

/** Person and team behind an account, where somebody has said so. */
export function IdentityNote({ account }: { readonly account: string }) {
  const { data: find } = useQuery({ ...identitiesQuery, select: lookupOf })
  const identity = find?.(account)
  const text = identity === undefined ? '' : identityText(identity)
  if (text === '') return null
  return (
    <span className={styles.person}>
      {' '}
      <RecordedText text={text} limit={80} />
    </span>
  )
}
