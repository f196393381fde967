import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import controls from '../controls/controls.module.css'
import { RecordedText } from '../controls/recorded-text.tsx'
import { inertText } from '../text/visible-text.ts'
import { useWords } from '../words/use-words.ts'
import type { AskedBounds } from './server-language.ts'
import styles from './simple-form.module.css'
import type { SimpleValue } from './simple-query.ts'
import { simpleValue, typedText } from './simple-value.ts'
import { useValues } from './use-choices.ts'

interface ValueFieldProps {
  readonly table: string
  readonly column: string
  readonly type: string
  readonly many: boolean
  readonly values: readonly SimpleValue[]
  readonly bounds: AskedBounds
  readonly onChange: (values: readonly SimpleValue[]) => void
}

/** The value of a condition, or its values as chips; the field offers the commonest of the store. */
export function ValueField({ table, column, type, many, values, bounds, onChange }: ValueFieldProps) {
  const words = useWords()
  const list = useId()
  const [first] = values
  const shown = many || first === undefined ? '' : typedText(first)
  const [typed, setTyped] = useState(shown)
  // The query was changed elsewhere; what is half typed stays.
  useEffect(() => {
    if (shown !== '') setTyped(shown)
  }, [shown])
  const offered = useValues(table, type === 'string' ? column : '', typed, bounds)
  const value = simpleValue(type, typed)
  const add = (one: SimpleValue) => {
    if (!values.some(({ kind, text }) => kind === one.kind && text === one.text)) onChange([...values, one])
    setTyped('')
  }
  const change = (text: string) => {
    setTyped(text)
    const next = simpleValue(type, text)
    if (!many) onChange(next === undefined ? [] : [next])
    // A value chosen from the list comes whole; one that is typed waits for Enter or a comma's place.
    else if (next !== undefined && text.length > typed.length + 1 && offered.some((one) => one.value === text)) add(next)
  }
  const onKey = (event: KeyboardEvent) => {
    if (!many || event.ctrlKey) return
    if (event.key === 'Enter' && value !== undefined) {
      event.preventDefault()
      add(value)
    }
    if (event.key === 'Backspace' && typed === '') onChange(values.slice(0, -1))
  }
  return (
    <span className={styles.values}>
      {many &&
        values.map((one, index) => (
          <Chip
            key={`${one.kind} ${one.text}`}
            text={typedText(one)}
            onRemove={() => onChange(values.filter((_, at) => at !== index))}
          />
        ))}
      <input
        className={`${controls.field} ${styles.value}`}
        aria-label={many ? words.addValue : words.valueOf(column)}
        aria-invalid={typed !== '' && value === undefined}
        placeholder={!many && first?.text === '' ? words.emptyValue : many ? words.addValueHint : ''}
        list={list}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKey}
        onBlur={() => many && value !== undefined && add(value)}
      />
      <datalist id={list}>
        {offered.map(({ value: one, count }) => (
          <option key={one} value={one} label={`${inertText(one)} · ${words.count(count)}`} />
        ))}
      </datalist>
    </span>
  )
}

/** A value or a column in a list, with the button that takes it out. */
export function Chip({ text, onRemove }: { readonly text: string; readonly onRemove: () => void }) {
  const words = useWords()
  return (
    <span className={styles.chip}>
      <RecordedText text={text === '' ? words.emptyValue : text} limit={60} />
      <button type="button" aria-label={words.removeFilter(inertText(text))} onClick={onRemove}>
        ✕
      </button>
    </span>
  )
}
