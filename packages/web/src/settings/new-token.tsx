import type { SenderToken } from '@podwitness/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { CommandBlock } from '../controls/command-block.tsx'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { client } from '../data/client.ts'
import { meQuery } from '../data/queries.ts'
import { sendersQuery } from '../data/settings-queries.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import { setUpPlace } from './set-up-commands.ts'
import styles from './settings-page.module.css'

type Kind = SenderToken['kind']
const KINDS = ['join', 'apiserver', 'app'] as const satisfies readonly Kind[]
const KIND_WORDS = { join: 'tokenJoin', apiserver: 'tokenApiserver', app: 'tokenApp' } as const satisfies Record<Kind, PlainWord>
/** What each may and may not do, in words. */
const RIGHT_WORDS = { join: 'mayJoin', apiserver: 'mayAppendApi', app: 'mayAppendApp' } as const satisfies Record<Kind, PlainWord>

/** Makes a token; its text is shown here once and is kept nowhere. */
export function NewToken() {
  const words = useWords()
  const queries = useQueryClient()
  const me = useQuery(meQuery)
  const [kind, setKind] = useState<Kind>('join')
  const [cluster, setCluster] = useState(setUpPlace(me.data?.clusters ?? [], '').cluster)
  const [name, setName] = useState('')
  const [reusable, setReusable] = useState(false)
  const create = useMutation({
    mutationFn: () => client.createToken({ kind, cluster, name, reusable }),
    onSuccess: () => queries.invalidateQueries({ queryKey: sendersQuery.queryKey }),
  })
  return (
    <form
      className={styles.box}
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <div className={styles.form}>
        <label className={styles.labelled}>
          {words.tokenFor}
          <select
            className={controls.field}
            value={kind}
            onChange={(event) => setKind(KINDS.find((one) => one === event.target.value) ?? 'join')}
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {words[KIND_WORDS[one]]}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.labelled}>
          {words.cluster}
          <input className={controls.field} required value={cluster} onChange={(event) => setCluster(event.target.value)} />
        </label>
        <label className={styles.labelled}>
          {words.tokenName}
          <input className={controls.field} value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        {kind === 'join' && (
          <label className={styles.check}>
            <input type="checkbox" checked={reusable} onChange={(event) => setReusable(event.target.checked)} />
            {words.forManyNodes}
          </label>
        )}
        <button type="submit" className={controls.primary} disabled={create.isPending}>
          {words.createToken}
        </button>
      </div>
      <p className={styles.soft}>{words[RIGHT_WORDS[kind]]}</p>
      <div role="status">
        {create.data !== undefined && (
          <>
            <p>
              <strong>{words.shownOnce}</strong>
            </p>
            <CommandBlock text={create.data.text} />
          </>
        )}
      </div>
      {create.error !== null && <FailureNotice error={create.error} />}
    </form>
  )
}
