import { textOf } from '../text/plain-search.ts'

/** What the Session page shows is in its URL: the command selected, whether its records are open, what is searched. */
export interface SessionSearch {
  readonly cmd?: string
  readonly raw?: true
  readonly find?: string
}

/** Reads the URL of the Session page; what means nothing is dropped. */
export function sessionSearchOf(search: Readonly<Record<string, unknown>>): SessionSearch {
  const [cmd, find] = [textOf(search.cmd), textOf(search.find)]
  return {
    ...(cmd === undefined ? {} : { cmd }),
    ...(search.raw === '1' || search.raw === true ? { raw: true } : {}),
    ...(find === undefined ? {} : { find }),
  }
}
