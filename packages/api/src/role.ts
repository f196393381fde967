/** What a route asks of its caller; `none` is for routes that check the caller themselves, as signing in does. */
export const RIGHTS = ['none', 'read', 'query', 'audit', 'change', 'append'] as const
export type Right = (typeof RIGHTS)[number]

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
