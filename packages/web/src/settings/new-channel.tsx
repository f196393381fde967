import type { channelsRoute, RouteReply } from '@podwitness/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import controls from '../controls/controls.module.css'
import { FailureNotice } from '../controls/failure-notice.tsx'
import { client } from '../data/client.ts'
import { channelsQuery } from '../data/settings-queries.ts'
import { useWords } from '../words/use-words.ts'
import styles from './settings-page.module.css'

type ChannelType = RouteReply<typeof channelsRoute>['types'][number]

interface NewChannelProps {
  readonly types: readonly ChannelType[]
  /** Identifiers in use. */
  readonly taken: readonly string[]
}

/** Adds a channel; its form is made of what the type says of its options. */
export function NewChannel({ types, taken }: NewChannelProps) {
  const words = useWords()
  const queries = useQueryClient()
  const [type, setType] = useState(types[0]?.type ?? '')
  const chosen = types.find((one) => one.type === type)
  const add = useMutation({
    mutationFn: client.saveChannel,
    onSuccess: () => queries.invalidateQueries({ queryKey: channelsQuery.queryKey }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const said = new FormData(form)
    const id = String(said.get('id')).trim()
    const options = Object.fromEntries(
      (chosen?.options ?? [])
        .map(({ name }) => [name, String(said.get(`option ${name}`) ?? '').trim()] as const)
        .filter(([, value]) => value !== ''),
    )
    add.mutate({ id, name: id, type, options }, { onSuccess: () => form.reset() })
  }
  return (
    <form className={styles.box} onSubmit={submit}>
      <div className={styles.form}>
        <label className={styles.labelled}>
          {words.channelType}
          <select className={controls.field} value={type} onChange={(event) => setType(event.target.value)}>
            {types.map((one) => (
              <option key={one.type} value={one.type}>
                {one.type}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.labelled}>
          {words.channelId}
          <input
            className={controls.field}
            name="id"
            required
            onChange={(event) => event.target.setCustomValidity(taken.includes(event.target.value.trim()) ? words.idTaken : '')}
          />
        </label>
        {chosen?.options.map(({ name, required, secret, description }) => (
          <label key={`${type} ${name}`} className={styles.labelled} title={description}>
            {name}
            <input
              className={controls.field}
              name={`option ${name}`}
              required={required}
              type={secret ? 'password' : 'text'}
              autoComplete="off"
              aria-description={description}
            />
          </label>
        ))}
        <button type="submit" className={controls.primary} disabled={add.isPending}>
          {words.addChannel}
        </button>
      </div>
      {chosen !== undefined && <p className={styles.soft}>{chosen.description}</p>}
      {add.error !== null && <FailureNotice error={add.error} />}
    </form>
  )
}
