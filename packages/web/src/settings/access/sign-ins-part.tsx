import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { signInsQuery } from '../../data/access-queries.ts'
import { client } from '../../data/client.ts'
import { inertText } from '../../text/visible-text.ts'
import { dateTimeText } from '../../time/clock-text.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'

/** Browsers that are signed in: one's own, for auditors and administrators all. */
export function SignInsPart() {
  const words = useWords()
  const queries = useQueryClient()
  const asked = useQuery(signInsQuery)
  const end = useMutation({
    mutationFn: (id: string) => client.endSignIn(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: signInsQuery.queryKey }),
  })
  const everywhere = useMutation({ mutationFn: () => client.signOutEverywhere(), onSuccess: () => queries.resetQueries() })
  return (
    <>
      <h2 className={styles.part}>{words.browsers}</h2>
      <Asked query={asked}>
        {({ signIns }) => (
          <PlainTable
            label={words.browsers}
            columns={[
              { title: words.tokenOf },
              { title: words.address },
              { title: words.browser },
              { title: words.signedInAt },
              { title: words.lastSeen },
              { title: words.endSignIn, quiet: true },
            ]}
            rows={signIns.map((one) => ({
              key: one.id,
              cells: [
                <RecordedText key="user" text={one.user} limit={80} />,
                inertText(one.address),
                <RecordedText key="agent" text={one.agent} limit={60} />,
                dateTimeText(one.created),
                dateTimeText(one.seen),
                one.own ? (
                  words.thisBrowser
                ) : (
                  <ConfirmButton
                    key="end"
                    word="endSignIn"
                    confirm="reallyEnd"
                    about={`${one.user} ${one.address}`}
                    onConfirm={() => end.mutate(one.id)}
                  />
                ),
              ],
            }))}
          />
        )}
      </Asked>
      <p>
        <ConfirmButton word="everywhere" confirm="reallyEverywhere" about="" onConfirm={() => everywhere.mutate()} />
      </p>
    </>
  )
}
