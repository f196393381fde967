import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** Every alert rule. */
export const rulesQuery = queryOptions({ queryKey: ['rules'], queryFn: ({ signal }) => client.rules(signal) })
