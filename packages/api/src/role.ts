/** What a route asks of its caller; `none` is for routes that check the caller themselves, as signing in does. */
export const RIGHTS = ['none', 'read', 'query', 'audit', 'change', 'append'] as const
export type Right = (typeof RIGHTS)[number]

/** From the least to the most: each may do what those before it may. */
export const ROLES = ['viewer', 'hunter', 'auditor', 'admin'] as const
export type Role = (typeof ROLES)[number]

const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['none', 'read'],
  hunter: ['none', 'read', 'query'],
  // Reads everything, proofs and administrative acts included, and changes nothing.
  auditor: ['none', 'read', 'query', 'audit'],
  // Appending belongs to the certificates and tokens of senders, never to a person.
  admin: ['none', 'read', 'query', 'audit', 'change'],
}

/** Whether somebody of this role may call a route that asks for this right. */
export function roleMay(role: Role, right: Right): boolean {
  return RIGHTS_OF[role].includes(right)
}

/** What somebody of this role may ask, without `none`. */
export function rightsOf(role: Role): Right[] {
  return RIGHTS_OF[role].filter((right) => right !== 'none')
}

/** The role with fewer rights. */
export function lesserRole(one: Role, other: Role): Role {
  return ROLES.indexOf(one) < ROLES.indexOf(other) ? one : other
}

/**
 * Roles that may be kept to some clusters or namespaces. Proofs and administrative acts are about everything, and who
 * may change the accounts could lift every bound.
 */
export function mayBeBounded(role: Role): boolean {
  return !roleMay(role, 'audit')
}
