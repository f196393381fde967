import { Popover } from '@base-ui/react/popover'
import { useId } from 'react'
import controls from '../controls/controls.module.css'
import type { SessionsSearch } from '../search/sessions-search.ts'
import { useWords } from '../words/use-words.ts'
import styles from './filter-bar.module.css'

interface MoreFiltersProps {
  readonly search: SessionsSearch
  readonly onChange: (next: Partial<Record<keyof SessionsSearch, unknown>>) => void
}

/** The filters that are typed, and the switch that shows what the platform does by itself. */
export function MoreFilters({ search, onChange }: MoreFiltersProps) {
  const words = useWords()
  const form = useId()
  const set = [search.pod, search.image, search.platform].filter((value) => value !== undefined).length
  const read = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '') || undefined
    onChange({ pod: text('pod'), image: text('image'), platform: data.has('platform') || undefined })
  }
  return (
    <Popover.Root>
      <Popover.Trigger className={controls.button} data-set={set > 0}>
        {words.more}
        {set > 0 && ` (${set})`}
        <span aria-hidden="true">▾</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={controls.positioner} sideOffset={4} align="start">
          <Popover.Popup className={controls.popup} aria-label={words.more}>
            <form
              id={form}
              className={styles.fields}
              onSubmit={(event) => {
                event.preventDefault()
                read(new FormData(event.currentTarget))
              }}
            >
              {(['pod', 'image'] as const).map((name) => (
                <label key={name}>
                  {words[name]}
                  <input
                    className={controls.field}
                    name={name}
                    defaultValue={search[name]}
                    spellCheck={false}
                    autoComplete="off"
                  />
                </label>
              ))}
              <label className={styles.check}>
                <input type="checkbox" name="platform" defaultChecked={search.platform === true} />
                {words.platform}
              </label>
              <button type="submit" className={controls.primary}>
                {words.apply}
              </button>
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
