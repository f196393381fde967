import type { DecodedEvent } from '@podwitness/audit'

const SYSCALL = 1300
const PROCTITLE = 1327
const URINGOP = 1336
/**
 * Records that the kernel writes only behind a SYSCALL or URINGOP record: PATH, IPC, SOCKETCALL, SOCKADDR, CWD, EXECVE, IPC_SET_PERM,
 * MQ_*, FD_PAIR, BPRM_FCAPS, CAPSET, MMAP, PROCTITLE, KERN_MODULE, OPENAT2. Source: kernel/auditsc.c, audit_log_exit.
 */
const PARTS = new Set([
  1302,
  1303,
  1304,
  1306,
  1307,
  1309,
  1311,
  1312,
  1313,
  1314,
  1315,
  1317,
  1321,
  1322,
  1323,
  PROCTITLE,
  1330,
  1337,
])

/**
 * Whether an event has all of its records, as far as can be told: announced ones are there, none is there without the one
 * it belongs to, and where no end of the event was seen it looks complete.
 */
export function isWhole(event: DecodedEvent): boolean {
  if (event.flags.incomplete === true) return false
  let call = false
  let part = false
  let title = false
  for (const { type } of event.records) {
    if (type.number === SYSCALL || type.number === URINGOP) call = true
    else if (PARTS.has(type.number)) part = true
    if (type.number === PROCTITLE) title = true
  }
  if (!call) return !part
  return title || event.completion === 'eoe' || event.completion === 'types'
}
