import { queryString } from '@podwitness/api'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useLater } from '../controls/use-later.ts'
import { client } from '../data/client.ts'
import { useSignOut } from '../data/use-sign-out.ts'
import type { KeyBinding } from '../keys/key-binding.ts'
import { usePreferences } from '../preferences.ts'
import { stringifyPlainSearch } from '../text/plain-search.ts'
import { useWords } from '../words/use-words.ts'
import { type Choice, inEveryLanguage, ranked, scoreOf } from './choice.ts'
import { foundChoices } from './found-choices.ts'
import { ownAddress } from './own-address.ts'
import { keyChoices, preferenceChoices, timeChoices } from './page-choices.ts'
import { useKeptChoices } from './use-kept-choices.ts'

/** Typing pauses so long before the server is asked, in milliseconds. */
const DELAY_MS = 150
/** Pages whose address says a time. */
const TIMED: ReadonlySet<string> = new Set(['/', '/sessions', '/hunt'])
/** A choice that is as good as meant: what was typed begins its name. */
const CERTAIN = 500

interface PaletteChoices {
  readonly choices: readonly Choice[]
  /** Whether the server has not answered yet to what is typed. */
  readonly looking: boolean
  /** Whether the first choice is meant, whatever the server will say. */
  readonly certain: boolean
}

/** What the palette offers for what is typed. */
export function usePaletteChoices(typed: string, bindings: readonly KeyBinding[]): PaletteChoices {
  const words = useWords()
  const router = useRouter()
  const signOut = useSignOut()
  const preferences = usePreferences()
  const wanted = typed.trim()
  const asked = useLater(wanted, DELAY_MS)
  const find = useQuery({
    queryKey: ['find', asked],
    queryFn: ({ signal }) => client.find({ text: asked }, signal),
    enabled: asked.length >= 2,
    retry: false,
    staleTime: 10_000,
  })
  const go = (address: string) => router.history.push(address)
  const kept = useKeptChoices(go)
  const { pathname, search } = router.state.location
  const setTime = (time: Record<string, string | undefined>) => go(`${pathname}${stringifyPlainSearch({ ...search, ...time })}`)
  const out: Choice = { id: 'sign out', label: words.signOut, also: inEveryLanguage('signOut'), kind: 'act', run: signOut }
  const acts = [
    ...keyChoices(bindings, words),
    ...kept,
    ...(TIMED.has(pathname) ? timeChoices(wanted, words, setTime) : []),
    ...preferenceChoices(preferences, words),
    out,
  ]
  const pasted = ownAddress(wanted, location.origin)
  const open: Choice[] =
    pasted === undefined
      ? []
      : [{ id: 'pasted', label: words.pastedAddress, hint: pasted, kind: 'goTo', score: 2000, run: () => go(pasted) }]
  const everywhere: Choice = {
    id: 'search',
    label: words.searchEverywhere(wanted),
    kind: 'act',
    score: 0,
    run: () => go(`/sessions${queryString({ range: 'all', command: wanted })}`),
  }
  const found = asked === wanted ? (find.data?.found ?? []) : []
  const all = [...open, ...acts, ...foundChoices(found, wanted, words, go), ...(wanted.length >= 2 ? [everywhere] : [])]
  const choices = ranked(all, wanted)
  const first = ranked([...open, ...acts], wanted)[0]
  return {
    choices,
    looking: wanted.length >= 2 && (asked !== wanted || find.isFetching),
    certain: first !== undefined && scoreOf(first, wanted) >= CERTAIN,
  }
}
