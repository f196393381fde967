/** Last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/**
 * The name a program was invoked by: basename of argv[0] (a login shell's leading dash left out),
 * else the kernel's comm. On Alpine `rm` is busybox: the binary is `exe`, the name is `rm`.
 */
export function invokedName(argv: readonly string[], comm: string): string {
  const name = basename(argv[0] ?? '')
  return (name.startsWith('-') ? name.slice(1) : name) || comm
}

/** Whether two command lines are the same. */
export function sameArguments(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index])
}

/** Whether `tail` is what remains of `whole` after a wrapper and its options (`sudo -n id` → `id`). */
export function endsWithArguments(whole: readonly string[], tail: readonly string[]): boolean {
  if (tail.length === 0 || whole.length <= tail.length) return false
  const skip = whole.length - tail.length
  return tail.every((word, index) => word === whole[skip + index])
}
