import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { useWords } from '../words/use-words.ts'
import { client } from './client.ts'
import styles from './frame.module.css'

/** Asks for the token; the address stays as it is, so that signing in returns to the page that was asked for. */
export function SignIn() {
  const words = useWords()
  const queries = useQueryClient()
  const [token, setToken] = useState('')
  const login = useMutation({
    mutationFn: () => client.login({ token: token.trim() }),
    onSuccess: () => queries.resetQueries(),
  })
  return (
    <main className={styles.signIn}>
      <h1>podwitness</h1>
      <p>{words.signInHow}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          login.mutate()
        }}
      >
        <label>
          {words.token}
          <input
            className={controls.field}
            type="password"
            autoComplete="off"
            required
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </label>
        <button type="submit" className={controls.primary} disabled={login.isPending}>
          {words.signIn}
        </button>
      </form>
      <p role="alert" className={styles.refused}>
        {login.isError ? ('status' in login.error && login.error.status === 401 ? words.tokenRefused : login.error.message) : ''}
      </p>
    </main>
  )
}
