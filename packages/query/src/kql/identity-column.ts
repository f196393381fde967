import type { KqlContext } from './context.ts'
import type { KqlTableColumn } from './tables/kql-table.ts'

/**
 * Whom the identity map names for an account: by the account itself, else by the longest beginning (`…*`) that fits;
 * empty where nobody is named. The map is bound as values of the query, for its table is closed to queries.
 */
export function identityColumn(
  account: string,
  what: NonNullable<KqlTableColumn['identity']>,
  { identities, parameters }: Pick<KqlContext, 'identities' | 'parameters'>,
): string {
  const list = (texts: readonly string[]): string => `JSONExtract(${parameters.text(JSON.stringify(texts))}, 'Array(String)')`
  const whole = identities.filter((one) => !one.account.endsWith('*'))
  const begun = identities.filter((one) => one.account.endsWith('*')).sort((a, b) => b.account.length - a.account.length)
  const fitting = (): string => {
    if (begun.length === 0) return "''"
    const beginnings = list(begun.map((one) => one.account.slice(0, -1)))
    const at = `arrayFirstIndex(beginning -> startsWith(toString(${account}), beginning), ${beginnings})`
    return `if(${at} = 0, '', arrayElement(${list(begun.map((one) => one[what]))}, ${at}))`
  }
  if (whole.length === 0) return fitting()
  const accounts = list(whole.map((one) => one.account))
  return `transform(toString(${account}), ${accounts}, ${list(whole.map((one) => one[what]))}, ${fitting()})`
}
