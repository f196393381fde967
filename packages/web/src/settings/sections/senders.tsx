import type { SenderCertificate, SenderToken } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Asked } from '../../controls/asked.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { client } from '../../data/client.ts'
import { sendersQuery } from '../../data/settings-queries.ts'
import { dateTimeText } from '../../time/clock-text.ts'
import type { PlainWord } from '../../words/catalogue.ts'
import { useWords } from '../../words/use-words.ts'
import { NewToken } from '../new-token.tsx'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** Who may append: tokens and certificates. */
export const senders: SettingsSection = { id: 'senders', word: 'senders', lead: 'sendersLead', Content: Senders }

const STATE_WORDS = {
  valid: 'stateValid',
  used: 'stateUsed',
  revoked: 'stateRevoked',
  expired: 'stateExpired',
} as const satisfies Record<SenderToken['state'], PlainWord>
const KIND_WORDS = { join: 'tokenJoin', apiserver: 'tokenApiserver', app: 'tokenApp' } as const satisfies Record<
  SenderToken['kind'],
  PlainWord
>

function Senders() {
  const words = useWords()
  const asked = useQuery(sendersQuery)
  return (
    <Asked query={asked}>
      {({ available, intakeOn, authority, tokens, certificates }) =>
        available ? (
          <>
            {!intakeOn && <p className={styles.note}>{words.intakeOff}</p>}
            <NewToken />
            <h2 className={styles.part}>{words.tokens}</h2>
            {tokens.length === 0 ? <p className={styles.soft}>{words.noTokens}</p> : <Tokens tokens={tokens} />}
            <h2 className={styles.part}>{words.certificates}</h2>
            {certificates.length === 0 ? (
              <p className={styles.soft}>{words.noCertificates}</p>
            ) : (
              <Certificates certificates={certificates} />
            )}
            {authority !== '' && (
              <p className={styles.soft}>
                {words.authorityPrint} <code className={styles.long}>{authority}</code>
              </p>
            )}
          </>
        ) : (
          <p className={styles.note}>{words.noSenderFolder}</p>
        )
      }
    </Asked>
  )
}

function Tokens({ tokens }: { readonly tokens: readonly SenderToken[] }) {
  const words = useWords()
  const revoke = useRevoking(client.revokeToken)
  return (
    <>
      {revoke.error !== null && <FailureNotice error={revoke.error} />}
      <PlainTable
        label={words.tokens}
        columns={[
          { title: words.tokenFor },
          { title: words.cluster },
          { title: words.sourceState },
          { title: words.created },
          { title: words.endsAt },
          { title: words.revoke, quiet: true },
        ]}
        rows={tokens.toReversed().map(({ id, kind, name, cluster, state, created, expires, reusable }) => ({
          key: id,
          cells: [
            <span key="for">
              {words[KIND_WORDS[kind]]}
              {reusable && ` · ${words.reusable}`}
              {name !== '' && (
                <>
                  {' · '}
                  <RecordedText text={name} limit={80} />
                </>
              )}{' '}
              <code className={styles.soft}>{id}</code>
            </span>,
            <RecordedText key="cluster" text={cluster || '*'} limit={80} />,
            words[STATE_WORDS[state]],
            dateTimeText(created),
            expires === '' ? words.never : dateTimeText(expires),
            state === 'valid' && (
              <ConfirmButton
                key="revoke"
                word="revoke"
                confirm="reallyRevoke"
                about={id}
                disabled={revoke.isPending}
                onConfirm={() => revoke.mutate(id)}
              />
            ),
          ],
        }))}
      />
    </>
  )
}

function Certificates({ certificates }: { readonly certificates: readonly SenderCertificate[] }) {
  const words = useWords()
  const revoke = useRevoking(client.revokeSender)
  return (
    <>
      {revoke.error !== null && <FailureNotice error={revoke.error} />}
      <PlainTable
        label={words.certificates}
        columns={[
          { title: words.sender },
          { title: words.cluster },
          { title: words.sourceState },
          { title: words.created },
          { title: words.endsAt },
          { title: words.revoke, quiet: true },
        ]}
        rows={certificates.map(({ senderId, role, node, cluster, state, issued, notAfter }) => ({
          key: senderId,
          cells: [
            <RecordedText key="node" text={role === 'node' ? node : words.apiServer} limit={120} />,
            <RecordedText key="cluster" text={cluster} limit={80} />,
            words[STATE_WORDS[state]],
            dateTimeText(issued),
            dateTimeText(notAfter),
            state !== 'revoked' && (
              <ConfirmButton
                key="revoke"
                word="revoke"
                confirm="reallyRevoke"
                about={node}
                disabled={revoke.isPending}
                onConfirm={() => revoke.mutate(senderId)}
              />
            ),
          ],
        }))}
      />
    </>
  )
}

function useRevoking(revoke: (id: string) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: revoke, onSettled: () => queries.invalidateQueries({ queryKey: sendersQuery.queryKey }) })
}
