import { mayBeBounded, ROLES } from '@podwitness/api'
import { ServerError } from '../../server-error.ts'
import type { OidcConfig } from '../access-config.ts'
import type { UserWish } from '../users.ts'

/** What the provider says about somebody. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * Who somebody is and what they may, by what the provider says. Of the groups they are in, those with the highest role
 * count: its bounds are joined, and bounds of a lesser role do not widen it.
 *
 * @throws ServerError PW-OI-003 where the claim with the name is missing, or no group of theirs may anything.
 */
export function userOfClaims(claims: Claims, config: OidcConfig): { name: string; wish: UserWish } {
  const { userClaim = 'preferred_username', groupsClaim = 'groups' } = config
  const name = claims[userClaim]
  if (typeof name !== 'string' || name === '')
    throw noUser(`The provider does not say who it is: there is no claim "${userClaim}".`)
  const given = claims[groupsClaim]
  const groups = (Array.isArray(given) ? given : typeof given === 'string' ? given.split(/[\s,]+/) : []).map(String)
  const fitting = config.groups.filter(({ group }) => groups.includes(group))
  const highest = Math.max(...fitting.map(({ role }) => ROLES.indexOf(role)))
  const role = ROLES[highest]
  if (role === undefined) throw noUser(`${name} is in no group that may sign in here (claim "${groupsClaim}").`)
  const counting = fitting.filter((one) => one.role === role)
  const bound = mayBeBounded(role)
  return {
    name,
    wish: {
      role,
      namespaces: bound ? joined(counting.map(({ namespaces }) => namespaces)) : null,
      clusters: bound ? joined(counting.map(({ clusters }) => clusters)) : null,
    },
  }
}

function joined(lists: readonly (readonly string[] | undefined)[]): string[] | null {
  if (lists.includes(undefined)) return null
  return [...new Set(lists.flatMap((list) => list ?? []))]
}

function noUser(why: string): ServerError {
  return new ServerError('PW-OI-003', 403, {
    what: 'The provider knows you, but you may not sign in here.',
    why,
    do: 'Ask an administrator to put you in a group that `access.oidc.groups` of the configuration names.',
  })
}
