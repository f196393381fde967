import { queryString, type SavedQuery } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { rulesQuery } from '../data/rules-query.ts'
import { savedQueriesQuery } from '../data/saved-queries-query.ts'
import type { SettingsSection } from '../settings/settings-section.ts'
import { useWords } from '../words/use-words.ts'
import { type Choice, inEveryLanguage } from './choice.ts'

const NO_SECTIONS: readonly SettingsSection[] = []

/** What people keep under a name: sections of Settings, saved queries, rules. What a reader's role may not see is left out. */
export function useKeptChoices(go: (address: string) => void): Choice[] {
  const words = useWords()
  // The sections are asked for their names: they come with the page that shows them, which is loaded beside the palette.
  const { data: sections = NO_SECTIONS } = useQuery({
    queryKey: ['settings-sections'],
    queryFn: async () => (await import('../settings/sections/index.ts')).SECTIONS,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data: saved = [] } = useQuery({ ...savedQueriesQuery, retry: false })
  const { data: rules } = useQuery({ ...rulesQuery, retry: false, staleTime: 60_000 })
  return [
    ...sections.map(
      ({ id, word }): Choice => ({
        id: `section ${id}`,
        label: words[word],
        also: inEveryLanguage(word),
        kind: 'setting',
        run: () => go(`/settings/${id}`),
      }),
    ),
    ...saved.map(
      (query): Choice => ({
        id: `saved ${query.id}`,
        label: query.name,
        recorded: true,
        also: [query.description],
        kind: 'savedQuery',
        hint: query.description,
        run: () => go(addressOfSaved(query)),
      }),
    ),
    ...(rules?.rules ?? []).map(
      ({ id, name }): Choice => ({
        id: `rule ${id}`,
        label: name,
        recorded: true,
        also: [id],
        kind: 'rule',
        run: () => go(`/rules/${encodeURIComponent(id)}`),
      }),
    ),
  ]
}

/** The page that runs a saved query, looked at as it was saved. */
function addressOfSaved({ lang, query, view }: SavedQuery): string {
  const { columns: cols, chart, range } = view ?? {}
  return `/hunt${queryString({ q: query, lang: lang === 'kql' ? undefined : lang, cols, chart, range })}`
}
