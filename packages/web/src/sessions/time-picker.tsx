import { Popover } from '@base-ui/react/popover'
import { useState } from 'react'
import controls from '../controls/controls.module.css'
import { dateTimeText } from '../time/clock-text.ts'
import { QUICK_SPANS, spanText } from '../time/span-text.ts'
import { instantOf, searchOfRange, spanMs, type TimeRange } from '../time/time-range.ts'
import type { Words } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import styles from './filter-bar.module.css'

interface TimePickerProps {
  readonly range: TimeRange | undefined
  /** Ends of the time that a query sets itself: what is chosen here does not count for them. */
  readonly inQuery?: readonly ('from' | 'to')[] | undefined
  readonly onChange: (next: ReturnType<typeof searchOfRange>) => void
}

/** Chooses the time: all data, the last so long, between two instants, or around one. */
export function TimePicker({ range, inQuery = [], onChange }: TimePickerProps) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  const choose = (next: TimeRange) => {
    onChange(searchOfRange(next))
    setOpen(false)
  }
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={controls.button}>
        <span className="hidden-text">{words.time}</span>
        <span aria-hidden="true">◷</span>
        {inQuery.length === 2 ? words.setInQuery : range === undefined ? words.time : rangeText(range, words)}
        {inQuery.length === 1 && <strong>{words[inQuery[0] === 'from' ? 'startInQuery' : 'endInQuery']}</strong>}
        {inQuery.length < 2 && <span className={controls.soft}>UTC</span>}
        <span aria-hidden="true">▾</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={controls.positioner} sideOffset={4} align="start">
          <Popover.Popup className={controls.popup} aria-label={words.time}>
            {inQuery.length > 0 && <p>{words[inQuery.length === 2 ? 'setInQueryWhy' : 'partInQueryWhy']}</p>}
            <div className={styles.quick}>
              <button
                type="button"
                className={controls.button}
                data-set={range?.kind === 'all'}
                onClick={() => choose({ kind: 'all' })}
              >
                {words.allData}
              </button>
              {QUICK_SPANS.map((span) => (
                <button
                  key={span}
                  type="button"
                  className={controls.button}
                  data-set={range?.kind === 'last' && range.span === span}
                  onClick={() => choose({ kind: 'last', span })}
                >
                  {words.last(spanText(span))}
                </button>
              ))}
            </div>
            <Exact range={range} onChoose={choose} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Exact({ range, onChoose }: { readonly range: TimeRange | undefined; readonly onChoose: (next: TimeRange) => void }) {
  const words = useWords()
  const [bad, setBad] = useState(false)
  const submit =
    (read: (text: (name: string) => string) => TimeRange | undefined) => (event: React.FormEvent<HTMLFormElement>) => {
      event.preventDefault()
      const data = new FormData(event.currentTarget)
      const next = read((name) => String(data.get(name) ?? '').trim())
      setBad(next === undefined)
      if (next !== undefined) onChoose(next)
    }
  const between = range?.kind === 'between' ? range : undefined
  const around = range?.kind === 'around' ? range : undefined
  return (
    <>
      <form onSubmit={submit(readBetween)}>
        <fieldset className={styles.fieldset}>
          <legend>{words.between}</legend>
          <div className={styles.pair}>
            <Field label={words.from} name="from" value={between && dateTimeText(between.from)} />
            <Field label={words.to} name="to" value={between && dateTimeText(between.to)} />
            <button type="submit" className={controls.button}>
              {words.apply}
            </button>
          </div>
        </fieldset>
      </form>
      <form onSubmit={submit(readAround)}>
        <fieldset className={styles.fieldset}>
          <legend>{words.aroundMoment}</legend>
          <div className={styles.pair}>
            <Field label={words.moment} name="at" value={around && dateTimeText(around.at)} />
            <Field label={words.beforeAfter} name="span" value={around?.span ?? '5m'} short />
            <button type="submit" className={controls.button}>
              {words.apply}
            </button>
          </div>
        </fieldset>
      </form>
      <p className={controls.soft}>{words.timeForm}</p>
      <p role="alert" className={styles.bad}>
        {bad ? words.badTime : ''}
      </p>
    </>
  )
}

function readBetween(text: (name: string) => string): TimeRange | undefined {
  const [from, to] = [instantOf(text('from')), instantOf(text('to'))]
  return from === undefined || to === undefined || from >= to ? undefined : { kind: 'between', from, to }
}

function readAround(text: (name: string) => string): TimeRange | undefined {
  const at = instantOf(text('at'))
  const span = text('span')
  return at === undefined || spanMs(span) === undefined ? undefined : { kind: 'around', at, span }
}

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly value: string | undefined
  readonly short?: boolean
}

function Field({ label, name, value, short }: FieldProps) {
  return (
    <label>
      {label}
      <input
        className={controls.field}
        name={name}
        defaultValue={value}
        data-short={short}
        autoComplete="off"
        spellCheck={false}
      />
    </label>
  )
}

function rangeText(range: TimeRange, words: Words): string {
  if (range.kind === 'all') return words.allData
  if (range.kind === 'last') return words.last(spanText(range.span))
  if (range.kind === 'around') return words.around(dateTimeText(range.at), spanText(range.span))
  return `${dateTimeText(range.from)} – ${dateTimeText(range.to)}`
}
