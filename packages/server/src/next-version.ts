/** Versions order rows of one key: later wins. Microseconds since the epoch, never the same twice in a process. */
export function nextVersion(): string {
  lastVersion = Math.max(lastVersion + 1, Date.now() * 1000)
  return String(lastVersion)
}
let lastVersion = 0
