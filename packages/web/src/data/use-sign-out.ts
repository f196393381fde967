import { useQueryClient } from '@tanstack/react-query'
import { client } from './client.ts'

/** Ends the sign-in and forgets everything that it showed. */
export function useSignOut(): () => void {
  const queries = useQueryClient()
  return () =>
    void client
      .logout()
      .catch(() => undefined)
      .then(() => queries.resetQueries())
}
