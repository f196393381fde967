import { basename, sameArguments } from './names.ts'
import type { ProcessObservation } from './observation.ts'

/** Bytes of a process's name that the kernel keeps (TASK_COMM_LEN − 1, include/linux/sched.h). */
const COMM_BYTES = 15
/** A script's path is the second word, or the third where its first line has an argument (binfmt_script). */
const SCRIPT_AT = [1, 2]

/**
 * The argument lists by which somebody may have asked for what a program shows of itself, the shown one first.
 *
 * A script shows its interpreter: the kernel replaces `/entry.sh a` by `/bin/sh /entry.sh a` before audit sees it
 * (fs/binfmt_script.c, load_script), but keeps the script's name in comm. Admission webhooks put words in front of a
 * command, which the request in the audit log does not have.
 */
export function askedArguments({ exec, comm, exe }: ProcessObservation): (readonly string[])[] {
  const argv = exec?.argv ?? []
  const asked = [argv]
  const injected = withoutInjected(argv)
  if (injected !== null) asked.push(injected)
  if (comm === '' || basename(argv[0] ?? '') === comm || basename(exe) === comm) return asked
  for (const at of SCRIPT_AT) {
    const path = argv[at] ?? ''
    if (Buffer.from(basename(path)).subarray(0, COMM_BYTES).toString() !== comm) continue
    asked.push(argv.slice(at))
    // The runtime looked it up: in PATH, or from its working directory.
    if (path.includes('/')) asked.push([basename(path), ...argv.slice(at + 1)])
    break
  }
  return asked
}

/** Whether a program is what somebody asked for with these words. */
export function isAskedFor(observation: ProcessObservation, command: readonly string[]): boolean {
  return askedArguments(observation).some((argv) => sameArguments(argv, command))
}

/**
 * A command without what security-profiles-operator (`env SPO_EXEC_REQUEST_UID=…`, its exec metadata webhook) or the
 * Datadog admission controller (`cws-instrumentation inject … -- `) put in front; `null` where neither did.
 */
function withoutInjected(argv: readonly string[]): readonly string[] | null {
  if (basename(argv[0] ?? '') === 'env' && (argv[1] ?? '').startsWith('SPO_EXEC_REQUEST_UID=')) return argv.slice(2)
  const end = basename(argv[0] ?? '') === 'cws-instrumentation' ? argv.indexOf('--') : -1
  return end > 0 ? argv.slice(end + 1) : null
}
