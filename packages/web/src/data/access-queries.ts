import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** Who may sign in. */
export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => client.users(signal) })

/** Tokens of programs. */
export const apiTokensQuery = queryOptions({ queryKey: ['api-tokens'], queryFn: ({ signal }) => client.apiTokens(signal) })

/** Browsers that are signed in. */
export const signInsQuery = queryOptions({ queryKey: ['sign-ins'], queryFn: ({ signal }) => client.signIns(signal) })
