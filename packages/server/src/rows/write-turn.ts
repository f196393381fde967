import type { Store, Turn } from '@podwitness/store'

/**
 * Runs work that asks which events of some clusters are stored and stores the others. Two servers that did so at once
 * could both store one. Turns are taken in one order, so that no two wait for each other.
 */
export function writeTurn<T>(store: Store, clusters: readonly string[], work: (turn: Turn) => Promise<T>): Promise<T> {
  const [first, ...rest] = [...clusters].sort()
  if (first === undefined) return work({ check: () => {} })
  return store.inTurn(`write/${first}`, (turn) =>
    rest.length === 0
      ? work(turn)
      : writeTurn(store, rest, (inner) =>
          work({
            check: () => {
              turn.check()
              inner.check()
            },
          }),
        ),
  )
}
