import type { Identity } from '@podwitness/api'

/** Who stands behind an account. */
export type IdentityLookup = (account: string) => Identity | undefined

/** Makes the look-up of an identity map: the account itself, else the longest beginning (`…*`) that fits. */
export function identityLookup(identities: readonly Identity[]): IdentityLookup {
  const exact = new Map(identities.map((one) => [one.account, one]))
  const beginnings = identities.filter(({ account }) => account.endsWith('*')).sort((a, b) => b.account.length - a.account.length)
  return (account) => exact.get(account) ?? beginnings.find((one) => account.startsWith(one.account.slice(0, -1)))
}

/** `王小明 · Platform`; empty where neither is said. */
export function identityText({ person, team }: Pick<Identity, 'person' | 'team'>): string {
  return [person, team].filter((text) => text !== '').join(' · ')
}
