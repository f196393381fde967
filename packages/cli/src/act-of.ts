import { hostname, userInfo } from 'node:os'
import type { Act } from '@podwitness/server'

/** An act of whoever runs this command: the account of the machine, which may do anything with the data folder. */
export function actOf(act: Pick<Act, 'action' | 'object' | 'before' | 'after'>): Act {
  return { ...act, outcome: 'done', user: accountName(), role: 'owner', means: 'command line', address: '', agent: hostname() }
}

/** The account of the machine that runs this command. */
export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    // An account without a name, as containers have.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
