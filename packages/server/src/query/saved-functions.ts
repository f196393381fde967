import type { QueryReply, Role } from '@podwitness/api'
import { storeTime } from '@podwitness/event'
import {
  compileKql,
  FUNCTION_COLUMNS,
  type FunctionCommand,
  kqlSchemas,
  nearestName,
  QueryError,
  readFunctionCommand,
  type SavedFunction,
} from '@podwitness/query'
import type { Store } from '@podwitness/store'
import { nextVersion } from '../next-version.ts'

/** Kind of the objects in the store that are functions. */
const KIND = 'kql-function'
/** Functions that may be saved, and the longest text of one, in UTF-16 code units. */
const MOST = 500
const MAX_TEXT = 32_768

/** Functions are changed by those who hunt; an auditor changes nothing. */
export const maySaveFunctions = (role: Role): boolean => role === 'hunter' || role === 'admin'

type Spec = Omit<SavedFunction, 'name'>

/** Functions of KQL that are saved in the store, for everybody who asks. */
export class SavedFunctions {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** All of them, by name. */
  async all(): Promise<SavedFunction[]> {
    const { rows } = await this.#store.reader.query({
      sql: `SELECT id, spec FROM audit.store_objects FINAL WHERE kind = '${KIND}' ORDER BY id`,
    })
    return rows.map(([id, spec]) => ({ ...(JSON.parse(String(spec)) as Spec), name: String(id) }))
  }

  /**
   * Does what a command says: `.create function`, `.alter function`, `.create-or-alter function`, `.drop function`.
   *
   * @returns The functions it was about, as `.show functions` shows them.
   * @throws QueryError for a command or a function that is wrong.
   */
  async run(text: string, nowMs: number): Promise<QueryReply> {
    const command = readFunctionCommand(text)
    const known = await this.all()
    if (command.action === 'drop') return this.#drop(command, known, text, nowMs)
    const { function: made } = command
    const before = known.find(({ name }) => name === made.name)
    if (before !== undefined && !command.whenKnown)
      throw refused(text, `There is a function "${made.name}" already.`, 'Use .alter.')
    if (before === undefined && !command.whenNew) throw unknown(text, made.name, known)
    // `.create ifnotexists` leaves one that is there as it is.
    if (before !== undefined && /^\s*\.\s*create\s/i.test(text)) return shown([before])
    const others = known.filter(({ name }) => name !== made.name)
    if (others.length >= MOST) throw refused(text, `There may be ${MOST} saved functions.`, 'Drop some with .drop function.')
    await check(command, others, text)
    await this.#write(made, nowMs, 0)
    return shown([made])
  }

  async #drop(
    { name, ifExists }: Extract<FunctionCommand, { action: 'drop' }>,
    known: readonly SavedFunction[],
    text: string,
    nowMs: number,
  ): Promise<QueryReply> {
    const found = known.find((one) => one.name === name)
    if (found === undefined && !ifExists) throw unknown(text, name, known)
    if (found !== undefined) await this.#write(found, nowMs, 1)
    return shown(known.filter((one) => one !== found))
  }

  async #write({ name, ...spec }: SavedFunction, nowMs: number, deleted: 0 | 1): Promise<void> {
    const version = nextVersion()
    const row = { kind: KIND, id: name, spec: JSON.stringify(spec), changed: storeTime(nowMs), version, is_deleted: deleted }
    await this.#store.writer.insert('store_objects', [row], `${KIND}|${name}|${version}`)
  }
}

/** A function is saved only if it can be called: it is bound as a `let` of the same text. */
async function check(
  { function: made, at }: Extract<FunctionCommand, { action: 'save' }>,
  others: readonly SavedFunction[],
  text: string,
): Promise<void> {
  if (text.length > MAX_TEXT) throw refused(text, `A function may have ${MAX_TEXT} characters.`)
  if (kqlSchemas().some(({ name }) => name === made.name)) throw refused(text, `"${made.name}" is the name of a table.`)
  const head = `let ${made.name} = `
  const declared = `${head}${text.slice(at).replace(/[;\s]+$/, '')}; print 1`
  try {
    // With itself among them, so that a circle is found.
    await compileKql({ text: declared, functions: [...others, made] })
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const before = declared.split('\n').slice(0, error.line - 1)
    const offset = before.reduce((sum, line) => sum + line.length + 1, 0) + error.column - 1
    const place = { text, offset: Math.max(0, offset - head.length + at) }
    throw new QueryError(error.code, error.message, place, { hint: error.hint, nearest: error.nearest })
  }
}

function shown(functions: readonly SavedFunction[]): QueryReply {
  return {
    columns: FUNCTION_COLUMNS.map((name) => ({ name, type: 'string' })),
    rows: functions.map((one) => [one.name, `(${one.parameters})`, `{ ${one.body} }`, one.folder, one.docString]),
    stats: { rows: functions.length, scannedRows: 0, scannedBytes: 0, elapsedMs: 0, truncated: false },
  }
}

const refused = (text: string, message: string, hint?: string): QueryError =>
  new QueryError('PW-QY-005', message, { text, offset: 0 }, { hint })

function unknown(text: string, name: string, known: readonly SavedFunction[]): QueryError {
  const nearest = nearestName(
    name,
    known.map((one) => one.name),
  )
  return new QueryError(
    'PW-QY-002',
    `There is no function "${name}".`,
    { text, offset: Math.max(0, text.indexOf(name)) },
    { nearest },
  )
}
