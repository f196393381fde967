import type { ContainerOperation } from './observation.ts'

/** Who a request counts as: two people who act as others through one account are two. */
export function accountOf({ user, impersonatedUser }: ContainerOperation): string {
  return impersonatedUser === '' ? user : `${user} as ${impersonatedUser}`
}
