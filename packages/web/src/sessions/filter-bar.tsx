import type { RouteReply, sessionsRoute } from '@podwitness/api'
import { SESSION_SORTS } from '@podwitness/api'
import { CONFIDENCES, ENTRY_KINDS, RISKS } from '@podwitness/event'
import { type RefObject, useEffect, useState } from 'react'
import controls from '../controls/controls.module.css'
import type { SessionsSearch } from '../search/sessions-search.ts'
import type { TimeRange } from '../time/time-range.ts'
import { ENTRY_WORDS, useWords } from '../words/use-words.ts'
import { FacetMenu } from './facet-menu.tsx'
import styles from './filter-bar.module.css'
import { FilterChips } from './filter-chips.tsx'
import { MoreFilters } from './more-filters.tsx'
import { TimePicker } from './time-picker.tsx'

type Reply = RouteReply<typeof sessionsRoute>

interface FilterBarProps {
  readonly search: SessionsSearch
  readonly range: TimeRange | undefined
  readonly facets: Reply['facets'] | undefined
  readonly total: Pick<Reply, 'total' | 'inRange'> | undefined
  readonly onChange: (next: Partial<Record<keyof SessionsSearch, unknown>>) => void
  readonly searchField: RefObject<HTMLInputElement | null>
}

const SORT_WORDS = { newest: 'newest', oldest: 'oldest', risk: 'byRisk', commands: 'byCommands', longest: 'longest' } as const

/** The filters, each with the counts of what it would leave, and what is set. */
export function FilterBar({ search, range, facets, total, onChange, searchField }: FilterBarProps) {
  const words = useWords()
  return (
    <search className={styles.bar}>
      <div className={styles.row}>
        <TimePicker range={range} onChange={onChange} />
        <CommandSearch
          value={search.command ?? ''}
          field={searchField}
          onSearch={(text) => onChange({ command: text || undefined })}
        />
      </div>
      <div className={styles.row}>
        <FacetMenu
          label={words.account}
          values={facets?.user}
          chosen={search.user}
          nameOf={(user) => user || words.nobody}
          onChange={(user) => onChange({ user })}
        />
        <FacetMenu
          label={words.namespace}
          values={facets?.namespace}
          chosen={search.namespace}
          onChange={(namespace) => onChange({ namespace })}
        />
        <FacetMenu
          label={words.entry}
          values={facets?.entry}
          chosen={search.entry}
          nameOf={(value) => nameOfWord(ENTRY_KINDS, value, (kind) => words[ENTRY_WORDS[kind]])}
          onChange={(entry) => onChange({ entry })}
        />
        <FacetMenu
          label={words.confidence}
          values={facets?.confidence}
          chosen={search.confidence}
          nameOf={(value) => nameOfWord(CONFIDENCES, value, (confidence) => words[confidence])}
          onChange={(confidence) => onChange({ confidence })}
        />
        <RiskChoice search={search} facets={facets} onChange={onChange} />
        <MoreFilters search={search} onChange={onChange} />
        <label className={styles.sort}>
          <span className="hidden-text">{words.sort}</span>
          <select
            className={controls.field}
            value={search.sort ?? 'newest'}
            onChange={(event) => onChange({ sort: event.target.value })}
          >
            {SESSION_SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {words[SORT_WORDS[sort]]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={styles.row}>
        <p className={styles.count} role="status">
          {total !== undefined && words.matchCount(total.total)}
          {total !== undefined && total.inRange > total.total && (
            <span className={controls.soft}> {words.outOf(total.inRange)}</span>
          )}
        </p>
        <FilterChips search={search} onChange={onChange} />
      </div>
    </search>
  )
}

function RiskChoice({ search, facets, onChange }: Pick<FilterBarProps, 'search' | 'facets' | 'onChange'>) {
  const words = useWords()
  const countOf = (risk: string) => facets?.risk.find((one) => one.value === risk)?.count ?? 0
  return (
    <select
      className={controls.field}
      aria-label={words.riskFrom}
      value={search.risk ?? ''}
      onChange={(event) => onChange({ risk: event.target.value || undefined })}
    >
      <option value="">{words.anyRisk}</option>
      {RISKS.slice(1).map((risk) => (
        <option key={risk} value={risk}>
          {`≥ ${words[risk]} (${countOf(risk)})`}
        </option>
      ))}
    </select>
  )
}

interface CommandSearchProps {
  readonly value: string
  readonly field: RefObject<HTMLInputElement | null>
  readonly onSearch: (text: string) => void
}

function CommandSearch({ value, field, onSearch }: CommandSearchProps) {
  const words = useWords()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onSearch(text), 300)
    return () => clearTimeout(timer)
  }, [text, value, onSearch])
  return (
    <form
      className={styles.search}
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(text)
        field.current?.blur()
      }}
    >
      <input
        ref={field}
        className={controls.field}
        type="search"
        aria-label={words.searchCommands}
        placeholder={words.searchLabel(words.searchCommands, words.searchHint)}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') field.current?.blur()
        }}
      />
      <span aria-hidden="true" className={styles.slash}>
        /
      </span>
    </form>
  )
}

function nameOfWord<Word extends string>(all: readonly Word[], value: string, nameOf: (word: Word) => string): string {
  const word = all.find((one) => one === value)
  return word === undefined ? value : nameOf(word)
}
