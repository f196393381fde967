import controls from '../controls/controls.module.css'
import { FILTER_NAMES, isFiltered, type SessionsSearch } from '../search/sessions-search.ts'
import { inertText } from '../text/visible-text.ts'
import { ENTRY_WORDS, useWords } from '../words/use-words.ts'
import { withoutFilters } from './empty-sessions.tsx'
import styles from './filter-bar.module.css'

interface FilterChipsProps {
  readonly search: SessionsSearch
  readonly onChange: (next: Partial<Record<keyof SessionsSearch, unknown>>) => void
}

const NAMES = {
  user: 'account',
  namespace: 'namespace',
  pod: 'pod',
  image: 'image',
  command: 'commandAsked',
  confidence: 'confidence',
  entry: 'entry',
  risk: 'riskFrom',
  platform: 'platform',
} as const

/** Every filter that is set, each with the button that removes it. */
export function FilterChips({ search, onChange }: FilterChipsProps) {
  const words = useWords()
  if (!isFiltered(search)) return null
  const valuesOf = {
    ...search,
    user: search.user?.map((user) => user || words.nobody),
    entry: search.entry?.map((entry) => words[ENTRY_WORDS[entry]]),
    confidence: search.confidence?.map((confidence) => words[confidence]),
    risk: search.risk && words[search.risk],
  }
  return (
    <>
      {FILTER_NAMES.filter((name) => search[name] !== undefined).map((name) => {
        const value = valuesOf[name]
        const text =
          name === 'platform'
            ? words.platform
            : `${words[NAMES[name]]}: ${inertText(Array.isArray(value) ? value.join(', ') : String(value))}`
        return (
          <span key={name} className={styles.chip}>
            <span title={text}>{text}</span>
            <button type="button" aria-label={words.removeFilter(text)} onClick={() => onChange({ [name]: undefined })}>
              ✕
            </button>
          </span>
        )
      })}
      <button type="button" className={controls.quiet} onClick={() => onChange(withoutFilters())}>
        {words.clearFilters}
      </button>
    </>
  )
}
