import { type KqlContext, nullOf } from '../context.ts'
import { ENGINE_TYPES } from '../kql-type.ts'
import { type Declared, type Marks, readsState, type ScanStep } from './scan-steps.ts'

/** The steps of a scan and the columns their rows have, the flags of the rows among them. */
export interface Machine {
  readonly steps: readonly ScanStep[]
  readonly marks: Marks
  readonly declared: readonly Declared[]
  /** Columns of the input, by their names in the statement. */
  readonly inputColumns: readonly string[]
  /** What the fold reads of a row: its place, a flag for each step, and the columns that states need. */
  readonly rowColumns: readonly string[]
}

/** The columns of the input that states need. */
export function columnsRead({ steps, marks, inputColumns }: Omit<Machine, 'rowColumns'>): string[] {
  const held = places(steps, marks, 0)
  const isHeld = (step: number, column: number): boolean => held.some((one) => one.step === step && one.column === column)
  const texts = steps.flatMap(({ stateCondition = '', values }, step) => [
    stateCondition,
    ...values.filter((sql, at) => readsState(sql, marks) || isHeld(step, inputColumns.length + at)),
  ])
  const read = new Set(texts.flatMap((sql) => sql.match(/\b\w+\b/g) ?? []))
  return inputColumns.filter((name, at) => read.has(name) || held.some(({ column }) => column === at))
}

/** A value that states hold: a column of a step's row. */
interface Place {
  readonly step: number
  readonly column: number
}

/** What the state of a step must hold: what it or a later step reads, of the steps up to it. */
function places(steps: readonly ScanStep[], { pattern }: Marks, from: number): Place[] {
  const found = new Map<string, Place>()
  for (const { stateCondition = '', values } of steps.slice(from))
    for (const sql of [stateCondition, ...values])
      for (const [mark, step, column] of sql.matchAll(pattern)) found.set(mark, { step: Number(step), column: Number(column) })
  return [...found.values()]
}

/** Rows of a part: lists of matches are copied with each match, and those of all parts with each part. */
export const PART_ROWS = 256

/**
 * The rows put through the machine, as a list of what they matched: the row's place, for each step the number of its match or
 * -1, and the declared values that states decide.
 *
 * The engine computes the body of a fold anew for each row, so it holds as little as can be: flags of the rows are computed
 * before, states hold only what is read.
 *
 * @param parts SQL of the list of parts, each a list of rows, tuples of `rowColumns`.
 */
export function foldedMatches(machine: Machine, parts: string, context: KqlContext): string {
  const fold = new Fold(machine, context)
  const [all, part, one] = ['a', 'r', 'a'].map((prefix) => context.fresh(prefix)) as [string, string, string]
  const states = (from: string): string[] => Array.from({ length: fold.width }, (_, at) => `tupleElement(${from}, ${at + 1})`)
  const [list, next] = [fold.width + 1, fold.width + 2]
  const start = fold.typed([...states(all), '[]', `tupleElement(${all}, ${next})`])
  const folded = `arrayFold((${fold.acc}, ${fold.row}) -> ${fold.body()}, ${part}, ${start})`
  const both = `arrayConcat(tupleElement(${all}, ${list}), tupleElement(${one}, ${list}))`
  const joined = fold.typed([...states(one), both, `tupleElement(${one}, ${next})`])
  const whole = `arrayFold((${all}, ${part}) -> arrayElement(arrayMap(${one} -> ${joined}, [${folded}]), 1), ${parts}, ${fold.start()})`
  return `tupleElement(${whole}, ${list})`
}

/** Declared values of a step that its matches carry, as places among all of them. */
export function carried(machine: Machine): { step: number; column: number }[] {
  return machine.steps.flatMap(({ values, output }, step) =>
    output === 'none' ? [] : values.flatMap((sql, column) => (readsState(sql, machine.marks) ? [{ step, column }] : [])),
  )
}

/**
 * One row's way through the states. Source: Kusto documentation, scan operator, "Matching logic". Steps are tried from the
 * last to the first; `p` says that a sequence comes over from the step before, `g` that one goes on, or begins.
 */
class Fold {
  readonly acc: string
  readonly row: string
  readonly width: number
  readonly #machine: Machine
  /** What each state holds, and at which place of the accumulator. */
  readonly #held: readonly { readonly id: number; readonly places: ReadonlyMap<string, number> }[]
  readonly #flags: readonly { readonly p: string; readonly g: string }[]

  constructor(machine: Machine, context: KqlContext) {
    this.#machine = machine
    this.acc = context.fresh('a')
    this.row = context.fresh('r')
    let width = 0
    this.#held = machine.steps.map((_, step) => {
      width += 1
      const id = width
      const held = places(machine.steps, machine.marks, step).filter((place) => place.step <= step)
      return {
        id,
        places: new Map(
          held.map((place) => {
            width += 1
            return [`${place.step}_${place.column}`, width]
          }),
        ),
      }
    })
    this.width = width
    this.#flags = machine.steps.map(() => ({ p: context.fresh('v'), g: context.fresh('v') }))
  }

  typed(values: readonly string[]): string {
    return `CAST(tuple(${values.join(', ')}), '${this.#type()}')`
  }

  start(): string {
    const states = this.#held.flatMap(({ places }) => ['-1', ...[...places.keys()].map((key) => this.#empty(columnOf(key)))])
    return this.typed([...states, '[]', '0'])
  }

  body(): string {
    const { steps } = this.#machine
    const bound: [string, string][] = []
    const over = steps.map((_, step) => (step === 0 ? 'false' : this.#over(step)))
    steps.forEach((_, step) => {
      const { p, g } = this.#flags[step] ?? { p: '', g: '' }
      if (step > 0) bound.push([p, over[step] ?? ''])
      bound.push([g, this.#goesOn(step, over)])
    })
    const names = bound.map(([name]) => name).join(', ')
    return `arrayElement(arrayMap((${names}) -> ${this.#next()}, ${bound.map(([, sql]) => `[${sql}]`).join(', ')}), 1)`
  }

  #type(): string {
    const columnType = (key: string): string => ENGINE_TYPES[this.#machine.marks.columns[columnOf(key)]?.type ?? 'string']
    const states = this.#held.flatMap(({ places }) => ['Int64', ...[...places.keys()].map(columnType)])
    const values = carried(this.#machine).map(({ column }) => ENGINE_TYPES[this.#machine.declared[column]?.type ?? 'string'])
    const match = ['Int64', ...this.#machine.steps.map(() => 'Int64'), ...values].join(', ')
    return `Tuple(${[...states, `Array(Tuple(${match}))`, 'Int64'].join(', ')})`.replaceAll("'", "\\'")
  }

  #at(place: number): string {
    return `tupleElement(${this.acc}, ${place})`
  }

  #id(step: number): string {
    return this.#at(this.#held[step]?.id ?? 0)
  }

  #empty(column: number): string {
    const { marks, declared, inputColumns } = this.#machine
    const first = inputColumns.length
    return column < first ? nullOf(marks.columns[column]?.type ?? 'string') : (declared[column - first]?.sql ?? '')
  }

  /** What a state holds before the row. */
  #before(state: number, key: string): string {
    return this.#at(this.#held[state]?.places.get(key) ?? 0)
  }

  /** An expression of a step inside the fold: columns of the row out of its tuple, marks as `read` says. */
  #inside(sql: string, read: (key: string) => string): string {
    const { rowColumns, marks } = this.#machine
    const inRow = sql.replace(/\b\w+\b/g, (name) => {
      const at = rowColumns.indexOf(name)
      return at < 0 ? name : `tupleElement(${this.row}, ${at + 1})`
    })
    return inRow.replace(marks.pattern, (_, step: string, column: string) => read(`${step}_${column}`))
  }

  #rowFlag(step: number): string {
    return `tupleElement(${this.row}, ${step + 2})`
  }

  #condition(step: number, read: (key: string) => string): string {
    const sql = this.#machine.steps[step]?.stateCondition
    return sql === undefined ? '' : ` AND (${this.#inside(sql, read)})`
  }

  #over(step: number): string {
    const own = (key: string): boolean => stepOf(key) === step
    const read = (key: string): string => (own(key) ? this.#empty(columnOf(key)) : this.#before(step - 1, key))
    return `${this.#id(step - 1)} >= 0 AND ${this.#rowFlag(step)}${this.#condition(step, read)}`
  }

  #goesOn(step: number, over: readonly string[]): string {
    const left = over[step + 1]
    if (step === 0) {
      const read = (key: string): string =>
        left === undefined ? this.#before(0, key) : `if(${left}, ${this.#empty(columnOf(key))}, ${this.#before(0, key)})`
      return `${this.#rowFlag(0)}${this.#condition(0, read)}`
    }
    const condition = this.#condition(step, (key) => this.#before(step, key))
    const stays = left === undefined ? '' : ` AND NOT (${left})`
    return `${this.#id(step)} >= 0 AND ${this.#rowFlag(step)} AND NOT (${over[step]})${stays}${condition}`
  }

  /** The accumulator after the row. */
  #next(): string {
    const { steps } = this.#machine
    const states = steps.flatMap((_, step) => [
      this.#nextId(step),
      ...[...(this.#held[step]?.places.keys() ?? [])].map((key) => this.#nextHeld(step, key)),
    ])
    const [list, next] = [this.#at(this.width + 1), this.#at(this.width + 2)]
    const shown = steps.flatMap(({ output }, step) => (output === 'none' ? [] : [this.#matched(step)]))
    const numbers = steps.map(({ output }, step) =>
      output === 'none' ? '-1' : `if(${this.#matched(step)}, ${this.#nextId(step)}, -1)`,
    )
    const values = carried(this.#machine).map(({ step, column }) => this.#value(step, column))
    const match = `tuple(${[`tupleElement(${this.row}, 1)`, ...numbers, ...values].join(', ')})`
    const nextList = shown.length === 0 ? list : `if(${shown.join(' OR ')}, arrayPushBack(${list}, ${match}), ${list})`
    return this.typed([...states, nextList, `${next} + (${this.#flags[0]?.g} AND ${this.#idle()})`])
  }

  #matched(step: number): string {
    const { p, g } = this.#flags[step] ?? { p: '', g: '' }
    return step === 0 ? g : `(${p} OR ${g})`
  }

  /** Whether the first step has no sequence when its turn comes. */
  #idle(): string {
    const p = this.#machine.steps.length > 1 ? `${this.#flags[1]?.p} OR ` : ''
    return `(${p}${this.#id(0)} < 0)`
  }

  #nextId(step: number): string {
    const after = this.#flags[step + 1]?.p
    const kept = after === undefined ? this.#id(step) : `if(${after}, -1, ${this.#id(step)})`
    if (step > 0) return `if(${this.#flags[step]?.p}, ${this.#id(step - 1)}, ${kept})`
    return `if(${this.#flags[0]?.g}, if(${this.#idle()}, ${this.#at(this.width + 2)}, ${this.#id(0)}), ${kept})`
  }

  #nextHeld(step: number, key: string): string {
    const before = this.#seen(step, key)
    if (stepOf(key) < step) return before
    const first = this.#machine.inputColumns.length
    const column = columnOf(key)
    const value = column < first ? this.#rowValue(column) : this.#value(step, column - first)
    return `if(${this.#matched(step)}, ${value}, ${step === 0 ? before : this.#before(step, key)})`
  }

  /** What a step that matches sees of a value: of the sequence that came over, or of its own. */
  #seen(step: number, key: string): string {
    const p = step === 0 ? this.#flags[1]?.p : this.#flags[step]?.p
    if (p === undefined) return this.#before(step, key)
    const over = stepOf(key) === step ? this.#empty(columnOf(key)) : this.#before(step - 1, key)
    return `if(${p}, ${over}, ${this.#before(step, key)})`
  }

  #value(step: number, column: number): string {
    return this.#inside(this.#machine.steps[step]?.values[column] ?? '', (key) => this.#seen(step, key))
  }

  #rowValue(column: number): string {
    const { rowColumns, inputColumns } = this.#machine
    return `tupleElement(${this.row}, ${rowColumns.indexOf(inputColumns[column] ?? '') + 1})`
  }
}

const stepOf = (key: string): number => Number(key.split('_')[0])
const columnOf = (key: string): number => Number(key.split('_')[1])
