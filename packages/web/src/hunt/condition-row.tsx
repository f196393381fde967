import controls from '../controls/controls.module.css'
import { inertText } from '../text/visible-text.ts'
import type { PlainWord } from '../words/catalogue.ts'
import { useWords } from '../words/use-words.ts'
import type { AskedBounds } from './server-language.ts'
import styles from './simple-form.module.css'
import { type Condition, OPERATORS, type Operator, valuesOf } from './simple-query.ts'
import { operatorsOf, simpleValue, typedText } from './simple-value.ts'
import type { TableField } from './use-choices.ts'
import { ValueField } from './value-field.tsx'

interface ConditionRowProps {
  readonly table: string
  readonly condition: Condition
  readonly fields: readonly TableField[]
  readonly bounds: AskedBounds
  readonly onChange: (condition: Condition) => void
  readonly onRemove: () => void
}

/** One condition: a column, how it is compared, with what. */
export function ConditionRow({ table, condition, fields, bounds, onChange, onRemove }: ConditionRowProps) {
  const words = useWords()
  const { column, operator, values } = condition
  const typeOf = (name: string) => fields.find((field) => field.name === name)?.type ?? 'string'
  const allowed = operatorsOf(typeOf(column))
  // An operator that came with the text stays to choose.
  const operators = allowed.includes(operator) ? allowed : [...allowed, operator]
  const chooseColumn = (name: string) => {
    const type = typeOf(name)
    const [usual = '=='] = operatorsOf(type)
    const next = operatorsOf(type).includes(operator) ? operator : usual
    const kept = values.flatMap((one) => simpleValue(type, typedText(one)) ?? [])
    onChange({ column: name, operator: next, values: fitting(next, kept) })
  }
  const chooseOperator = (name: string) => {
    const next = OPERATORS.find((one) => one === name) ?? '=='
    onChange({ column, operator: next, values: fitting(next, values) })
  }
  const takes = valuesOf(operator)
  return (
    <fieldset className={styles.condition} aria-label={words.conditionOn(inertText(column))}>
      <FieldChoice label={words.field} fields={fields} value={column} onChange={chooseColumn} />
      <select
        className={controls.field}
        aria-label={words.operator}
        value={operator}
        onChange={(event) => chooseOperator(event.target.value)}
      >
        {operators.map((one) => (
          <option key={one} value={one}>
            {words[OPERATOR_WORDS[one]]}
          </option>
        ))}
      </select>
      {takes !== 'none' && (
        <ValueField
          key={`${column} ${takes}`}
          table={table}
          column={column}
          type={typeOf(column)}
          many={takes === 'many'}
          values={values}
          bounds={bounds}
          onChange={(next) => onChange({ column, operator, values: next })}
        />
      )}
      <button
        type="button"
        className={controls.quiet}
        aria-label={words.removeFilter(words.conditionOn(inertText(column)))}
        onClick={onRemove}
      >
        ✕
      </button>
    </fieldset>
  )
}

interface FieldChoiceProps {
  readonly label: string
  readonly fields: readonly TableField[]
  readonly value: string
  /** Shown where nothing is chosen. */
  readonly none?: string
  readonly onChange: (name: string) => void
}

/** A column out of those of the table. */
export function FieldChoice({ label, fields, value, none, onChange }: FieldChoiceProps) {
  const known = value === '' || fields.some(({ name }) => name === value)
  return (
    <select className={controls.field} aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {(none !== undefined || value === '') && <option value="">{none ?? '…'}</option>}
      {!known && <option value={value}>{inertText(value)}</option>}
      {fields.map(({ name, type }) => (
        <option key={name} value={name} title={type}>
          {inertText(name)}
        </option>
      ))}
    </select>
  )
}

function fitting(operator: Operator, values: Condition['values']): Condition['values'] {
  const takes = valuesOf(operator)
  return takes === 'none' ? [] : takes === 'one' ? values.slice(0, 1) : values
}

const OPERATOR_WORDS = {
  '==': 'opIs',
  '!=': 'opIsNot',
  '=~': 'opIsAnyCase',
  '!~': 'opIsNotAnyCase',
  in: 'opOneOf',
  '!in': 'opNoneOf',
  'in~': 'opOneOfAnyCase',
  '!in~': 'opNoneOfAnyCase',
  has: 'opHas',
  '!has': 'opHasNot',
  contains: 'opContains',
  '!contains': 'opContainsNot',
  startswith: 'opStarts',
  '!startswith': 'opStartsNot',
  endswith: 'opEnds',
  '!endswith': 'opEndsNot',
  'matches regex': 'opRegex',
  '<': 'opLess',
  '<=': 'opAtMost',
  '>': 'opMore',
  '>=': 'opAtLeast',
  isempty: 'opEmpty',
  isnotempty: 'opNotEmpty',
  isnull: 'opNull',
  isnotnull: 'opNotNull',
} as const satisfies Record<Operator, PlainWord>
