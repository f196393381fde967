import { type Caller, isBounded } from '../access/caller.ts'
import { ServerError } from '../server-error.ts'

/**
 * SQL runs as it was typed, and text can lift the settings that keep a reader inside its bounds: it is only for callers
 * without any.
 *
 * @throws ServerError PW-AU-016
 */
export function refuseBoundedSql(caller: Caller, lang: string): void {
  if (lang !== 'sql' || !isBounded(caller)) return
  throw new ServerError('PW-AU-016', 403, {
    what: 'SQL is not for you here.',
    why: `${caller.name} may see some namespaces or clusters only, and SQL as it is typed cannot be kept to them.`,
    do: 'Ask the same in KQL or SLS.',
  })
}
