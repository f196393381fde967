import type { Role } from '@podwitness/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import controls from '../../controls/controls.module.css'
import { FailureNotice } from '../../controls/failure-notice.tsx'
import { usersQuery } from '../../data/access-queries.ts'
import { client } from '../../data/client.ts'
import { useWords } from '../../words/use-words.ts'
import styles from '../settings-page.module.css'
import { OneTimeLink } from './one-time-link.tsx'
import { RoleSelect } from './role-select.tsx'
import { MAY_WORDS, ROLE_NAMES } from './role-words.ts'

/** Adds a user; the link to sign in with is shown here once. */
export function NewUser() {
  const words = useWords()
  const queries = useQueryClient()
  const [role, setRole] = useState<Role>('viewer')
  const add = useMutation({
    mutationFn: (body: Parameters<typeof client.addUser>[0]) => client.addUser(body),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
  })
  const bounded = role === 'viewer' || role === 'hunter'
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const namespaces = String(form.get('namespaces') ?? '')
      .split(/[\s,]+/)
      .filter((name) => name !== '')
    const name = String(form.get('name') ?? '').trim()
    add.mutate({ name, role, namespaces: namespaces.length === 0 ? null : namespaces })
    event.currentTarget.reset()
  }
  return (
    <form className={styles.box} onSubmit={submit}>
      <h3 className={styles.part}>{words.addUser}</h3>
      <div className={styles.form}>
        <label className={styles.labelled}>
          {words.userName}
          <input className={controls.field} name="name" autoComplete="off" required />
        </label>
        <div className={styles.labelled}>
          <span aria-hidden="true">{words.role}</span>
          <RoleSelect label={words.role} roles={ROLE_NAMES} value={role} onChange={setRole} />
        </div>
        {bounded && (
          <label className={styles.labelled}>
            {words.onlyNamespaces}
            <input className={controls.field} name="namespaces" autoComplete="off" title={words.onlyNamespacesHow} />
          </label>
        )}
        <button type="submit" className={controls.primary} disabled={add.isPending}>
          {words.add}
        </button>
      </div>
      <p className={styles.soft}>{words[MAY_WORDS[role]]}</p>
      {bounded && <p className={styles.soft}>{words.onlyNamespacesHow}</p>}
      <div role="status">{add.data !== undefined && <OneTimeLink link={add.data.link} />}</div>
      {add.error !== null && <FailureNotice error={add.error} />}
    </form>
  )
}
