import { useQuery } from '@tanstack/react-query'
import { useLater } from '../controls/use-later.ts'
import { client } from '../data/client.ts'
import { kqlName, kqlText } from './kql-literal.ts'
import type { AskedBounds } from './server-language.ts'

/** A column of a table, with its type as KQL names it. */
export interface TableField {
  readonly name: string
  readonly type: string
}

/** Typing pauses so long before values are asked for, in milliseconds. */
const VALUES_DELAY_MS = 200

/** The tables there are, as the editor's completion knows them. */
export function useTables(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['editor', 'tables'],
    queryFn: ({ signal }) => client.complete({ lang: 'kql', text: '', position: 0 }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data?.items.filter(({ kind }) => kind === 'table').map(({ label }) => label) ?? []
}

/** The columns of a table; none while it is not known. */
export function useFields(table: string): readonly TableField[] {
  const text = `${kqlName(table)} | where `
  const { data } = useQuery({
    queryKey: ['editor', 'fields', table],
    enabled: table !== '',
    queryFn: ({ signal }) => client.complete({ lang: 'kql', text, position: text.length }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const fields = data?.items.filter(({ kind }) => kind === 'field') ?? []
  return fields.map(({ label, detail }) => ({ name: label, type: detail ?? 'string' }))
}

/** The commonest values of a column that begin with what is typed, with the number of rows of each. */
export function useValues(
  table: string,
  column: string,
  typed: string,
  bounds: AskedBounds,
): readonly { readonly value: string; readonly count: number }[] {
  const asked = useLater(typed, VALUES_DELAY_MS)
  // The completion reads a value up to its first quote or line end: more of it cannot be asked for.
  const prefix = /^[^'"\n\\]*/.exec(asked)?.[0] ?? ''
  const text = `${kqlName(table)} | where ${kqlName(column)} == ${kqlText(prefix).slice(0, -1)}`
  const { data } = useQuery({
    queryKey: ['editor', 'values', table, column, prefix, bounds],
    enabled: table !== '' && column !== '',
    queryFn: ({ signal }) => client.complete({ lang: 'kql', text, position: text.length, ...bounds }, signal),
    staleTime: 60_000,
    placeholderData: (before) => before,
  })
  const values = data?.items.filter(({ kind }) => kind === 'value') ?? []
  return values.map(({ label, count = 0 }) => ({ value: label, count }))
}
