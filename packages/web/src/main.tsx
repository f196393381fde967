import './app/base.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { ApiError } from '@podwitness/api'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './app/router.tsx'
import { client } from './data/client.ts'
import { applyPreferences } from './preferences.ts'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // An answer with a status is an answer; only a missing one is worth asking for again.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status !== 0),
      retryDelay: 500,
      refetchOnWindowFocus: false,
    },
  },
})

/** Exchanges the token of the printed address for a cookie, and takes it out of the address and the history first. */
async function signInByAddress(): Promise<void> {
  const address = new URL(location.href)
  const token = address.searchParams.get('token')
  if (token === null) return
  address.searchParams.delete('token')
  history.replaceState(history.state, '', address)
  // A refused token shows as the sign-in page.
  await client.login({ token }).catch(() => undefined)
}

async function start(): Promise<void> {
  applyPreferences()
  await signInByAddress()
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no root element')
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  )
}

void start()
