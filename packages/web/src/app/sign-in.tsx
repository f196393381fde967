import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import controls from '../controls/controls.module.css'
import { client } from '../data/client.ts'
import { signInWaysQuery } from '../data/queries.ts'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import styles from './frame.module.css'

type Login = Parameters<typeof client.login>[0]

/** Asks who comes; the address stays as it is, so that signing in returns to the page that was asked for. */
export function SignIn() {
  const words = useWords()
  const queries = useQueryClient()
  const { data } = useQuery(signInWaysQuery)
  const [byToken, setByToken] = useState(false)
  const login = useMutation({ mutationFn: (body: Login) => client.login(body), onSuccess: () => queries.resetQueries() })
  const provider = data?.provider ?? null
  return (
    <main className={styles.signIn}>
      <h1>podwitness</h1>
      {provider !== null && (
        <p>
          <a className={controls.primary} href={provider.path}>
            {words.signInWith(inertText(provider.name))}
          </a>
        </p>
      )}
      {byToken ? (
        <TokenForm busy={login.isPending} onLogin={login.mutate} />
      ) : (
        <PasswordForm busy={login.isPending} onLogin={login.mutate} />
      )}
      <p role="alert" className={styles.refused}>
        {login.isError ? ('status' in login.error && login.error.status === 401 ? words.signInRefused : login.error.message) : ''}
      </p>
      <button
        type="button"
        className={controls.quiet}
        onClick={() => {
          login.reset()
          setByToken(!byToken)
        }}
      >
        {byToken ? words.usePassword : words.useToken}
      </button>
    </main>
  )
}

interface FormProps {
  readonly busy: boolean
  readonly onLogin: (body: Login) => void
}

function PasswordForm({ busy, onLogin }: FormProps) {
  const words = useWords()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onLogin({ user: String(form.get('user') ?? '').trim(), password: String(form.get('password') ?? '') })
  }
  return (
    <form onSubmit={submit}>
      <label>
        {words.userName}
        <input className={controls.field} name="user" autoComplete="username" required />
      </label>
      <label>
        {words.password}
        <input className={controls.field} name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit" className={controls.primary} disabled={busy}>
        {words.signIn}
      </button>
    </form>
  )
}

function TokenForm({ busy, onLogin }: FormProps) {
  const words = useWords()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('token') ?? '').trim()
    // A whole address is as good as the token in it.
    onLogin({ token: /[?&]token=([^&\s]+)/.exec(text)?.[1] ?? text })
  }
  return (
    <form onSubmit={submit}>
      <p>{words.signInHow}</p>
      <label>
        {words.token}
        <input className={controls.field} name="token" type="password" autoComplete="off" required />
      </label>
      <button type="submit" className={controls.primary} disabled={busy}>
        {words.signIn}
      </button>
    </form>
  )
}
