import type { Process, Tree } from './process-table.ts'

/** The tree a process belongs to, through its parents; `null` for the node's own processes and for loose ones. */
export function treeOf(process: Process): Tree | null {
  return headOf(process).tree
}

/** The last process on the way up that has a tree or no known parent. */
export function headOf(process: Process): Process {
  let at = process
  for (let steps = 0; at.tree === null && at.parent !== null && steps < MAX_DEPTH; steps++) at = at.parent
  return at
}

/** Longest chain of parents followed; a chain this long is a loop made by reused pids. */
const MAX_DEPTH = 4_096
