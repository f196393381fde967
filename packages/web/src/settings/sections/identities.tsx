import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Asked } from '../../controls/asked.tsx'
import { ConfirmButton } from '../../controls/confirm-button.tsx'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { PlainTable } from '../../controls/plain-table.tsx'
import { RecordedText } from '../../controls/recorded-text.tsx'
import { client } from '../../data/client.ts'
import { meQuery } from '../../data/queries.ts'
import { identitiesQuery } from '../../data/settings-queries.ts'
import { inertText } from '../../text/visible-text.ts'
import { dateTimeText } from '../../time/clock-text.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import type { SettingsSection } from '../settings-section.ts'

/** Which person and team stands behind an account. */
export const identities: SettingsSection = { id: 'identities', word: 'identities', lead: 'identitiesLead', Content: Identities }

function Identities() {
  const words = useWords()
  const asked = useQuery(identitiesQuery)
  const mayChange = useQuery(meQuery).data?.rights.includes('change') === true
  const [account, setAccount] = useState('')
  return (
    <Asked query={asked}>
      {({ identities: known, unnamed }) => (
        <>
          {mayChange && <IdentityForm account={account} onAccount={setAccount} suggestions={unnamed.map((one) => one.account)} />}
          {known.length === 0 ? <p className={styles.soft}>{words.noIdentities}</p> : <Known known={known} />}
          {mayChange && unnamed.length > 0 && (
            <>
              <h2 className={styles.part}>{words.unnamedAccounts}</h2>
              <ul className={styles.chips}>
                {unnamed.map((one) => (
                  <li key={one.account}>
                    <button type="button" className={controls.button} onClick={() => setAccount(one.account)}>
                      <RecordedText text={one.account} limit={80} />
                      <span className={styles.soft}>{words.sessionsCount(one.sessions)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
          <p className={styles.soft}>
            {words.manyIdentities} <code>podwitness identities import FILE.csv</code>
          </p>
        </>
      )}
    </Asked>
  )
}

interface IdentityFormProps {
  readonly account: string
  readonly onAccount: (account: string) => void
  readonly suggestions: readonly string[]
}

function IdentityForm({ account, onAccount, suggestions }: IdentityFormProps) {
  const words = useWords()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (identity: { account: string; person: string; team: string; uid: string }) =>
      client.saveIdentities({ identities: [identity] }),
    onSuccess: () => {
      onAccount('')
      return queries.invalidateQueries({ queryKey: identitiesQuery.queryKey })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const said = new FormData(form)
    const text = (name: string) => String(said.get(name) ?? '').trim()
    save.mutate(
      { account: text('account'), person: text('person'), team: text('team'), uid: text('uid') },
      { onSuccess: () => form.reset() },
    )
  }
  return (
    <form className={styles.box} onSubmit={submit}>
      <div className={styles.form}>
        <label className={styles.labelled}>
          {words.account}
          <input
            className={controls.field}
            name="account"
            required
            list="unnamed-accounts"
            value={account}
            onChange={(event) => onAccount(event.target.value)}
          />
        </label>
        <datalist id="unnamed-accounts">
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        {(['person', 'team', 'uid'] as const).map((name) => (
          <label key={name} className={styles.labelled}>
            {words[name]}
            <input className={controls.field} name={name} />
          </label>
        ))}
        <button type="submit" className={controls.primary} disabled={save.isPending}>
          {words.save}
        </button>
      </div>
      <p className={styles.soft}>{words.starFits}</p>
      {save.error !== null && <FailureNotice error={save.error} />}
    </form>
  )
}

interface KnownProps {
  readonly known: readonly { account: string; person: string; team: string; uid: string; changed: string; by: string }[]
}

function Known({ known }: KnownProps) {
  const words = useWords()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: (account: string) => client.removeIdentity({ account }),
    onSettled: () => queries.invalidateQueries({ queryKey: identitiesQuery.queryKey }),
  })
  return (
    <>
      {remove.error !== null && <FailureNotice error={remove.error} />}
      <PlainTable
        label={words.identities}
        columns={[
          { title: words.account },
          { title: words.person },
          { title: words.team },
          { title: words.uid },
          { title: words.changedAt },
          { title: words.remove, quiet: true },
        ]}
        rows={known.map(({ account, person, team, uid, changed, by }) => ({
          key: account,
          cells: [
            ...[account, person, team, uid].map((text) => <RecordedText key={text} text={text || '–'} limit={120} />),
            <span key="changed">
              {dateTimeText(changed)} <span className={styles.soft}>{inertText(by)}</span>
            </span>,
            <ConfirmButton
              key="remove"
              word="remove"
              confirm="reallyRemove"
              about={account}
              onConfirm={() => remove.mutate(account)}
            />,
          ],
        }))}
      />
    </>
  )
}
