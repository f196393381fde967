/** What of a command decides its place in the tree. */
export interface TreeCommand {
  readonly eventId: string
  readonly parentEventId: string
}

/** A command with its depth, in the order a tree is read. */
export interface TreeRow<Command> {
  readonly command: Command
  readonly depth: number
}

/**
 * Puts commands in the order of their process tree: every command directly before what it started, siblings in the
 * order given. A parent that is not among the commands, or a circle of parents, makes a command a root: none is lost.
 */
export function processOrder<Command extends TreeCommand>(commands: readonly Command[]): TreeRow<Command>[] {
  const known = new Set(commands.map((command) => command.eventId))
  const children = new Map<string, Command[]>()
  const roots: Command[] = []
  for (const command of commands) {
    const parent = command.parentEventId
    if (!known.has(parent) || parent === command.eventId) roots.push(command)
    else children.set(parent, [...(children.get(parent) ?? []), command])
  }
  const rows: TreeRow<Command>[] = []
  const placed = new Set<Command>()
  for (const root of [...roots, ...commands]) placeFrom(root)
  return rows

  // An own stack: a shell that starts itself ten thousand times deep must not end the page.
  function placeFrom(root: Command): void {
    const waiting: TreeRow<Command>[] = [{ command: root, depth: 0 }]
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (placed.has(row.command)) continue
      placed.add(row.command)
      rows.push(row)
      const depth = row.depth + 1
      const started = children.get(row.command.eventId) ?? []
      for (const command of started.toReversed()) waiting.push({ command, depth })
    }
  }
}
