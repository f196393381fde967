import { ServerError } from '../server-error.ts'

/** Failed attempts per address within the window before it has to wait. */
const MAX_BY_ADDRESS = 10
const ADDRESS_WINDOW_MS = 60_000
/** Failed attempts on one user before the next has to wait; each one more doubles the wait, up to a minute. */
const FREE_BY_USER = 5
const USER_WINDOW_MS = 15 * 60_000
const LONGEST_WAIT_MS = 60_000
/** Addresses and users remembered each; over it the oldest is forgotten. */
const MAX_REMEMBERED = 10_000

/** Slows down who guesses, by address and by the user that is guessed at. Nobody is ever locked out for good. */
export class FailedAttempts {
  readonly #byAddress = new Map<string, number[]>()
  readonly #byUser = new Map<string, number[]>()

  /** @throws ServerError PW-AU-003 with the time to wait. */
  refuseIfBusy(address: string, user?: string): void {
    const now = Date.now()
    const fromHere = recent(this.#byAddress, address, now - ADDRESS_WINDOW_MS)
    if (fromHere.length >= MAX_BY_ADDRESS) throw tooMany((fromHere[0] ?? now) + ADDRESS_WINDOW_MS - now, 'this address')
    if (user === undefined) return
    const onUser = recent(this.#byUser, user, now - USER_WINDOW_MS)
    if (onUser.length < FREE_BY_USER) return
    const waitMs = Math.min(1000 * 2 ** (onUser.length - FREE_BY_USER), LONGEST_WAIT_MS)
    const readyMs = (onUser.at(-1) ?? now) + waitMs
    if (now < readyMs) throw tooMany(readyMs - now, 'this name')
  }

  /** Counts an attempt, best before it is judged: those that are judged at the same time count too. */
  note(address: string, user?: string): void {
    add(this.#byAddress, address, MAX_BY_ADDRESS)
    if (user !== undefined) add(this.#byUser, user, FREE_BY_USER + 10)
  }

  /** Takes back what was noted before an attempt that turned out good; it also ends what was counted against the user. */
  forgive(address: string, user?: string): void {
    this.#byAddress.get(address)?.pop()
    if (user !== undefined) this.#byUser.delete(user)
  }
}

function recent(times: Map<string, number[]>, key: string, sinceMs: number): number[] {
  const found = (times.get(key) ?? []).filter((time) => time > sinceMs)
  if (found.length === 0) times.delete(key)
  else times.set(key, found)
  return found
}

function add(times: Map<string, number[]>, key: string, keep: number): void {
  const list = [...(times.get(key) ?? []), Date.now()].slice(-keep)
  times.delete(key)
  times.set(key, list)
  const [oldest] = times.keys()
  if (times.size > MAX_REMEMBERED && oldest !== undefined) times.delete(oldest)
}

function tooMany(waitMs: number, whose: string): ServerError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const words = {
    what: `Too many failed attempts from or for ${whose}.`,
    why: 'Guessing is slowed down, by address and by name.',
    do: `Wait ${seconds} s.`,
  }
  return new ServerError('PW-AU-003', 429, words, { retryAfterSeconds: seconds })
}
