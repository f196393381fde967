import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SpoolError } from './spool-error.ts'

/**
 * Holds a folder for this process. A lock of a process that has ended, or whose pid another one has by now, is taken over.
 *
 * @returns Gives the folder free again.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const holder = readHolder(path)
  if (holder !== undefined && holder.pid !== process.pid && startOf(holder.pid) === holder.start) {
    throw new SpoolError('PW-SP-002', {
      what: `The spool ${folder} is in use.`,
      why: `Process ${holder.pid} has it.`,
      do: 'Let one agent use it, or give this one a folder of its own.',
    })
  }
  writeFileSync(path, `${process.pid} ${startOf(process.pid)}`)
  return () => {
    if (readHolder(path)?.pid === process.pid) unlinkSync(path)
  }
}

function readHolder(path: string): { pid: number; start: string } | undefined {
  try {
    const [pid = '', start = ''] = readFileSync(path, 'utf8').split(' ')
    return { pid: Number(pid), start }
  } catch {
    return undefined
  }
}

/** When a process was started, clock ticks since boot; empty where there is none. Source: proc(5), /proc/[pid]/stat field 22. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
