import { Popover } from '@base-ui/react/popover'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { useWords } from '../words/use-words.ts'
import styles from './filter-bar.module.css'

interface FacetMenuProps {
  readonly label: string
  readonly values: readonly { readonly value: string; readonly count: number }[] | undefined
  readonly chosen: readonly string[] | undefined
  readonly nameOf?: (value: string) => string
  readonly onChange: (chosen: string[] | undefined) => void
}

/** Values needed before the menu offers to search among them. */
const SEARCHABLE = 12

/** One filter: its values with their counts, any number of which may be chosen. */
export function FacetMenu({ label, values, chosen = [], nameOf = (value) => value, onChange }: FacetMenuProps) {
  const words = useWords()
  const [find, setFind] = useState('')
  // A chosen value stays in the menu even where nothing has it any more.
  const counted = values ?? []
  const all = [
    ...counted,
    ...chosen.filter((one) => !counted.some(({ value }) => value === one)).map((value) => ({ value, count: 0 })),
  ]
  const shown = all.filter(({ value }) => nameOf(value).toLowerCase().includes(find.toLowerCase()))
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
    onChange(next.length === 0 ? undefined : next)
  }
  return (
    <Popover.Root>
      <Popover.Trigger className={controls.button} data-set={chosen.length > 0}>
        {label}
        {chosen.length > 0 && ` (${chosen.length})`}
        <span aria-hidden="true">▾</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={controls.positioner} sideOffset={4} align="start">
          <Popover.Popup className={controls.popup} aria-label={label}>
            {all.length > SEARCHABLE && (
              <input
                className={controls.field}
                aria-label={words.findValue}
                placeholder={words.findValue}
                value={find}
                onChange={(event) => setFind(event.target.value)}
              />
            )}
            <div className={styles.values}>
              {shown.length === 0 && <span className={controls.soft}>{words.noValues}</span>}
              {shown.map(({ value, count }) => (
                <label key={value} className={styles.value}>
                  <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
                  <RecordedText text={nameOf(value)} />
                  <span>{count}</span>
                </label>
              ))}
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
