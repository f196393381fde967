/**
 * Every number from 0 to below `count` once, in an order whose beginnings lie evenly over the whole: so whoever stops
 * early has seen a fair part of everything. Halvings, as in the sequence of van der Corput.
 */
export function* spreadOrder(count: number): Generator<number> {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(count, 1))))
  for (let at = 0; at < 2 ** bits; at++) {
    let turned = 0
    for (let bit = 0; bit < bits; bit++) turned += ((at >> bit) & 1) * 2 ** (bits - 1 - bit)
    if (turned < count) yield turned
  }
}
