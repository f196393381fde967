import type { SavedQuery } from '@podwitness/api'
import { Link } from '@tanstack/react-router'
import controls from '../controls/controls.module.css'
import { CopyButton } from '../controls/copy-button.tsx'
import type { HuntSearch } from '../search/hunt-search.ts'
import { TimePicker } from '../sessions/time-picker.tsx'
import type { TimeRange } from '../time/time-range.ts'
import { useWords } from '../words/use-words.ts'
import styles from './hunt-page.module.css'
import { HUNT_LANGUAGES, type HuntLanguage, LANGUAGE_NAMES } from './language-support.ts'
import { PastMenu } from './past-menu.tsx'
import type { PastQuery } from './query-history.ts'
import { SavedMenu } from './saved-menu.tsx'

interface HuntBarProps {
  readonly search: HuntSearch
  readonly language: HuntLanguage
  readonly text: string
  readonly range: TimeRange | undefined
  /** Ends of the time that the query which was answered sets itself. */
  readonly inQuery: readonly ('from' | 'to')[] | undefined
  readonly zoomed: boolean
  /** Address of the view as it is. */
  readonly share: () => string
  /** The same under a short name. */
  readonly shareShort: () => Promise<string>
  readonly onFace: (face: string) => void
  readonly onTime: (next: Partial<Record<keyof HuntSearch, unknown>>) => void
  readonly onRun: (query?: PastQuery) => void
  readonly onSaved: (saved: SavedQuery) => void
  readonly onSave: () => void
  readonly onLayOut: () => void
  readonly onUnzoom: () => void
}

/** What can be done with a query, in one row. */
export function HuntBar(props: HuntBarProps) {
  const { search, language, text, range, zoomed, share } = props
  const words = useWords()
  const empty = text.trim() === ''
  return (
    <div className={styles.head}>
      <h1 className={styles.title}>{words.hunt}</h1>
      <select
        className={controls.field}
        aria-label={words.queryLanguage}
        value={search.mode ?? language}
        onChange={(event) => props.onFace(event.target.value)}
      >
        {HUNT_LANGUAGES.map((one) => (
          <option key={one} value={one}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
        <option value="simple">{words.simple}</option>
      </select>
      <TimePicker range={range} inQuery={props.inQuery} onChange={props.onTime} />
      <button type="button" className={controls.primary} onClick={() => props.onRun()}>
        {words.run} <kbd className={styles.runKey}>Ctrl ⏎</kbd>
      </button>
      {search.mode === undefined && (
        <button type="button" className={controls.button} disabled={empty} onClick={props.onLayOut}>
          {words.formatQuery}
        </button>
      )}
      <SavedMenu onChoose={props.onSaved} />
      <button type="button" className={controls.button} disabled={empty} onClick={props.onSave}>
        {words.saveQuery}
      </button>
      {!empty && (
        <Link to="/rules" search={{ q: text, lang: language }} className={controls.button}>
          {words.makeRule}
        </Link>
      )}
      {search.q !== undefined && language === 'kql' && (
        <Link to="/tail" search={{ q: search.q }} className={controls.button}>
          {words.followLive}
        </Link>
      )}
      <PastMenu onChoose={props.onRun} />
      {zoomed && (
        <button type="button" className={controls.button} onClick={props.onUnzoom}>
          {words.keyUnzoom} <kbd>z</kbd>
        </button>
      )}
      {search.q !== undefined && <CopyButton text={share} word="copyLink" />}
      {search.q !== undefined && <CopyButton text={props.shareShort} word="copyShortLink" />}
    </div>
  )
}
