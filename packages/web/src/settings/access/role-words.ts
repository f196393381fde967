import type { Role } from '@podwitness/api'
import type { PlainWord, Words } from '../../words/catalogue.ts'

/** Roles, from the least to the most, as the page offers them. */
export const ROLE_WORDS = {
  viewer: 'roleViewer',
  hunter: 'roleHunter',
  auditor: 'roleAuditor',
  admin: 'roleAdmin',
} as const satisfies Record<Role, PlainWord>

/** What each role may, in words. */
export const MAY_WORDS = {
  viewer: 'mayViewer',
  hunter: 'mayHunter',
  auditor: 'mayAuditor',
  admin: 'mayAdmin',
} as const satisfies Record<Role, PlainWord>

export const ROLE_NAMES = Object.keys(ROLE_WORDS) as Role[]

/** What somebody may see, in words. */
export function seesText(
  words: Words,
  { namespaces, clusters }: { readonly namespaces: readonly string[] | null; readonly clusters: readonly string[] | null },
): string {
  const parts = [
    ...(clusters === null ? [] : [words.seesClusters(clusters.join(' '))]),
    ...(namespaces === null ? [] : [words.seesNamespaces(namespaces.join(' '))]),
  ]
  return parts.join(' · ') || words.seesEverything
}
