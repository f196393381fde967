import { QueryError } from '../query-error.ts'

/** A condition on the data that ends the query, with the place in it and the reason. */
export const stopMark = (offset: number, message: string): string => `stopped at ${offset}: ${message.replace(/\s+/g, ' ')} (end)`
const STOPPED = /stopped at (\d+): (.*?) \(end\)/

/**
 * What the engine finds wrong with data, by its error number: whose fault it is cannot be told before the run.
 * Source: ClickHouse, src/Common/ErrorCodes.cpp.
 */
const REASONS: Readonly<Record<number, string>> = {
  6: 'A text does not have the form that is needed here.',
  69: 'An argument is out of its bounds for some row.',
  128: 'An array would become too large.',
  131: 'A text would become too large.',
  153: 'A whole number is divided by zero.',
  190: 'Arrays that belong together differ in size.',
  407: 'A decimal number does not fit.',
  427: 'A regular expression of the data cannot be read.',
  636: 'A value of the data cannot be read.',
}
/** Numbers by which the engine says that it does not understand a statement: the compiler made it wrong. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([
  10, 36, 42, 43, 44, 46, 47, 49, 53, 62, 70, 80, 179, 184, 215, 352, 386, 658,
])

/** The fault of a KQL query that the engine met, at its place in the query; undefined where the query is not to blame. */
export function engineFault(text: string, said: string, engineCode: number, offset = 0): QueryError | undefined {
  const stopped = STOPPED.exec(said)
  if (stopped !== null) return new QueryError('PW-QY-010', stopped[2] ?? '', { text, offset: Number(stopped[1]) })
  const reason = REASONS[engineCode]
  if (reason !== undefined) return new QueryError('PW-QY-010', reason, { text, offset }, { hint: engineWords(said) })
  if (!NOT_UNDERSTOOD.has(engineCode)) return undefined
  const message = 'The engine does not take what this step was compiled to; the fault is not the query’s.'
  return new QueryError('PW-QY-004', message, { text, offset }, { hint: engineWords(said) })
}

const engineWords = (said: string): string =>
  `The engine says: ${said
    .replace(/^.*?The engine says: /, '')
    .replace(/: (?:In scope|while executing|while processing|While processing) [\s\S]*$/, '')
    .slice(0, 300)}`

/**
 * Where each step of the last statement of a query begins, in order: the offset behind every pipe that is in no bracket and
 * no text.
 */
export function stepOffsets(text: string): readonly { readonly start: number; readonly end: number }[] {
  const pipes: number[] = []
  let depth = 0
  let start = 0
  const token =
    /\/\/[^\n]*|```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|@"(?:[^"]|"")*"?|@'(?:[^']|'')*'?|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|[([{)\]};|]/g
  for (const { 0: found, index } of text.matchAll(token)) {
    if (/^[([{]$/.test(found)) depth += 1
    else if (/^[)\]}]$/.test(found)) depth -= 1
    else if (found === ';' && depth === 0) {
      start = index + 1
      pipes.length = 0
    } else if (found === '|' && depth === 0) pipes.push(index)
  }
  const begins = [start, ...pipes.map((at) => at + 1)].map((at) => at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0))
  return begins.map((begin, at) => ({ start: begin, end: pipes[at] ?? text.length }))
}
