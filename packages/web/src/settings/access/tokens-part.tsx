import type { ApiToken, Role } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Asked } from '../../controls/asked.tsx'
import { CommandBlock } from '../../controls/command-block.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { apiTokensQuery } from '../../data/access-queries.ts'
import { client } from '../../data/client.ts'
import { inertText } from '../../text/visible-text.ts'
import { dateTimeText } from '../../time/clock-text.ts'
import type { PlainWord } from '../../words/catalogue.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import { RoleSelect } from './role-select.tsx'
import { MAY_WORDS, ROLE_NAMES } from './role-words.ts'

const STATE_WORDS = {
  valid: 'stateValid',
  expired: 'stateExpired',
  revoked: 'stateRevoked',
  dormant: 'stateDormant',
} as const satisfies Record<ApiToken['state'], PlainWord>

/** Tokens of programs: one's own, for auditors and administrators all. @param own The reader's role; no new ones where null. */
export function TokensPart({ own }: { readonly own: Role | null }) {
  const words = useWords()
  const asked = useQuery(apiTokensQuery)
  return (
    <>
      <h2 className={styles.part}>{words.apiTokens}</h2>
      <p className={styles.soft}>{words.apiTokensWhy}</p>
      <Asked query={asked}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <p>{words.noApiTokens}</p>
          ) : (
            <PlainTable
              label={words.apiTokens}
              columns={[
                { title: words.tokenLabel },
                { title: words.tokenOf },
                { title: words.tokenMay },
                { title: words.userState },
                { title: words.tokenEnds },
                { title: words.tokenUsed },
                { title: words.revoke, quiet: true },
              ]}
              rows={tokens.map((token) => ({
                key: token.id,
                cells: [
                  <RecordedText key="label" text={token.label} limit={80} />,
                  <RecordedText key="user" text={token.user} limit={80} />,
                  words[MAY_WORDS[token.role]],
                  words[STATE_WORDS[token.state]],
                  dateTimeText(token.expires),
                  token.lastUsed === '' ? '' : `${dateTimeText(token.lastUsed)} · ${inertText(token.lastAddress)}`,
                  token.state === 'revoked' ? '' : <Revoke key="revoke" token={token} />,
                ],
              }))}
            />
          )
        }
      </Asked>
      {own !== null && <NewApiToken own={own} />}
    </>
  )
}

function Revoke({ token }: { readonly token: ApiToken }) {
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => client.revokeApiToken(token.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: apiTokensQuery.queryKey }),
  })
  return (
    <>
      <ConfirmButton word="revoke" confirm="reallyRevoke" about={token.label} onConfirm={() => revoke.mutate()} />
      {revoke.error !== null && <FailureNotice error={revoke.error} />}
    </>
  )
}

function NewApiToken({ own }: { readonly own: Role }) {
  const words = useWords()
  const queries = useQueryClient()
  const roles = ROLE_NAMES.slice(0, ROLE_NAMES.indexOf(own) + 1)
  const [role, setRole] = useState<Role>('viewer')
  const create = useMutation({
    mutationFn: (body: Parameters<typeof client.createApiToken>[0]) => client.createApiToken(body),
    onSuccess: () => queries.invalidateQueries({ queryKey: apiTokensQuery.queryKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    create.mutate({ label: String(form.get('label') ?? ''), role, days: Number(form.get('days')) })
    event.currentTarget.reset()
  }
  return (
    <form className={styles.box} onSubmit={submit}>
      <div className={styles.form}>
        <label className={styles.labelled}>
          {words.tokenLabel}
          <input className={controls.field} name="label" autoComplete="off" maxLength={200} required />
        </label>
        <div className={styles.labelled}>
          <span aria-hidden="true">{words.role}</span>
          <RoleSelect label={words.role} roles={roles} value={role} onChange={setRole} />
        </div>
        <label className={styles.labelled}>
          {words.tokenDays}
          <input className={controls.field} name="days" type="number" min={1} max={366} defaultValue={90} required />
        </label>
        <button type="submit" className={controls.primary} disabled={create.isPending}>
          {words.makeToken}
        </button>
      </div>
      <p className={styles.soft}>{words[MAY_WORDS[role]]}</p>
      <div role="status">
        {create.data !== undefined && (
          <>
            <p>
              <strong>{words.tokenOnce}</strong>
            </p>
            <CommandBlock text={create.data.token} />
            <p className={styles.long}>{words.apiSigningKey(create.data.accessKeyId, create.data.accessKeySecret)}</p>
          </>
        )}
      </div>
      {create.error !== null && <FailureNotice error={create.error} />}
    </form>
  )
}
