/** The name closest to `wanted` by edit distance, if one is close enough to be a likely slip. */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  const needle = wanted.toLowerCase().slice(0, 100)
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(needle.length / 3)) + 1
  for (const name of names) {
    const distance = editDistance(needle, name.toLowerCase())
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
