import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import controls from '../controls/controls.module.css'
import { useWords } from '../words/use-words.ts'
import { ConditionRow, FieldChoice } from './condition-row.tsx'
import { isSimple, readSimpleQuery } from './read-simple-query.ts'
import type { AskedBounds } from './server-language.ts'
import styles from './simple-form.module.css'
import { type Condition, printSimpleQuery, type SimpleQuery } from './simple-query.ts'
import { type TableField, useFields, useTables } from './use-choices.ts'
import { Chip } from './value-field.tsx'

interface SimpleFormProps {
  /** A query that a form can show, or nothing. */
  readonly text: string
  readonly bounds: AskedBounds
  readonly onChange: (text: string) => void
  readonly onRun: () => void
}

/** What is asked where nothing is asked yet. */
const BLANK: SimpleQuery = {
  table: 'Commands',
  conditions: [],
  counted: undefined,
  columns: [],
  order: { column: 'TimeGenerated', descending: true },
  take: undefined,
}
const NEW_CONDITION: Condition = { column: '', operator: '==', values: [] }

/** A query as a form: the other face of the same text. Conditions that say nothing yet are kept here and not in the text. */
export function SimpleForm({ text, bounds, onChange, onRun }: SimpleFormProps) {
  const words = useWords()
  const [draft, setDraft] = useState(() => formOf(text))
  const printed = useRef(text)
  const box = useRef<HTMLDivElement>(null)
  const added = useRef(false)
  const tables = useTables()
  const fields = useFields(draft.table)
  useEffect(() => {
    if (text !== printed.current) setDraft(formOf(text))
    printed.current = text
  }, [text])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the new row is there once the draft is.
  useEffect(() => {
    if (added.current) box.current?.querySelector<HTMLSelectElement>('fieldset:last-of-type select')?.focus()
    added.current = false
  }, [draft])
  const change = (next: Partial<SimpleQuery>) => {
    const form = { ...draft, ...next }
    setDraft(form)
    printed.current = printSimpleQuery(form)
    onChange(printed.current)
  }
  const setCondition = (index: number, condition: Condition | undefined) =>
    change({ conditions: draft.conditions.flatMap((one, at) => (at === index ? (condition ?? []) : one)) })
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.defaultPrevented) return
    const inField = event.target instanceof HTMLInputElement
    if (!inField && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    onRun()
  }
  const { counted, order } = draft
  const counting = counted === undefined ? undefined : [...counted.by, counted.name].map((name) => ({ name, type: 'string' }))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in any of its fields runs the query, as in a form.
    <div ref={box} className={styles.form} onKeyDown={onKey}>
      <label className={styles.line}>
        <span>{words.rowsOf}</span>
        <select className={controls.field} value={draft.table} onChange={(event) => change({ table: event.target.value })}>
          {(tables.includes(draft.table) ? tables : [draft.table, ...tables]).map((table) => (
            <option key={table} value={table}>
              {table}
            </option>
          ))}
        </select>
      </label>
      {draft.conditions.map((condition, index) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no identity but their place.
          key={index}
          table={draft.table}
          condition={condition}
          fields={fields}
          bounds={bounds}
          onChange={(next) => setCondition(index, next)}
          onRemove={() => setCondition(index, undefined)}
        />
      ))}
      <p className={styles.line}>
        <button
          type="button"
          className={controls.button}
          onClick={() => {
            added.current = true
            setDraft({ ...draft, conditions: [...draft.conditions, NEW_CONDITION] })
          }}
        >
          + {words.addCondition}
        </button>
      </p>
      <div className={styles.line}>
        <label>
          <input
            type="checkbox"
            checked={counted !== undefined}
            onChange={(event) => change(countedOr(event.target.checked, draft))}
          />{' '}
          {words.countRows}
        </label>
        {counted !== undefined && (
          <FieldChips
            label={words.countBy}
            fields={fields}
            names={counted.by}
            onChange={(by) => change({ counted: { ...counted, by } })}
          />
        )}
        {counted === undefined && (
          <FieldChips
            label={words.showColumns}
            none={words.allColumns}
            fields={fields}
            names={draft.columns}
            onChange={(columns) => change({ columns })}
          />
        )}
      </div>
      <div className={styles.line}>
        <span>{words.orderBy}</span>
        <FieldChoice
          label={words.orderBy}
          fields={counting ?? fields}
          value={order?.column ?? ''}
          none={words.noOrder}
          onChange={(column) => change({ order: column === '' ? undefined : { column, descending: order?.descending ?? true } })}
        />
        {order !== undefined && (
          <select
            className={controls.field}
            aria-label={words.direction}
            value={order.descending ? 'desc' : 'asc'}
            onChange={(event) => change({ order: { ...order, descending: event.target.value === 'desc' } })}
          >
            <option value="desc">{words.descending}</option>
            <option value="asc">{words.ascending}</option>
          </select>
        )}
        <label>
          {words.rowsAtMost}{' '}
          <input
            className={`${controls.field} ${styles.number}`}
            inputMode="numeric"
            value={draft.take ?? ''}
            onChange={(event) => change({ take: /^\d{1,9}$/.test(event.target.value) ? Number(event.target.value) : undefined })}
          />
        </label>
      </div>
    </div>
  )
}

interface FieldChipsProps {
  readonly label: string
  readonly none?: string
  readonly fields: readonly TableField[]
  readonly names: readonly string[]
  readonly onChange: (names: readonly string[]) => void
}

/** Columns in an order, one added or taken out at a time. */
function FieldChips({ label, none, fields, names, onChange }: FieldChipsProps) {
  return (
    <span className={styles.values}>
      <span>{label}</span>
      {names.map((name) => (
        <Chip key={name} text={name} onRemove={() => onChange(names.filter((one) => one !== name))} />
      ))}
      <FieldChoice
        label={label}
        fields={fields.filter(({ name }) => !names.includes(name))}
        value=""
        none={names.length === 0 && none !== undefined ? none : '+'}
        onChange={(name) => name !== '' && onChange([...names, name])}
      />
    </span>
  )
}

function formOf(text: string): SimpleQuery {
  const read = readSimpleQuery(text)
  return isSimple(read) ? read : BLANK
}

/** A count is of columns that the rows have; an order by another column would mean nothing. */
function countedOr(count: boolean, { order }: SimpleQuery): Partial<SimpleQuery> {
  if (!count) return { counted: undefined, order: undefined }
  return { counted: { name: 'n', by: [] }, columns: [], order: order && { column: 'n', descending: true } }
}
