import { join } from 'node:path'
import { readDefines } from './headers.mjs'
import { LATER_RECORD_TYPES } from './later-record-types.mjs'

// Numbers of the netlink protocol itself, not of records.
const CONTROL =
  /^(GET|SET|LIST|ADD|DEL|SIGNAL_INFO|TTY_GET|TTY_SET|TRIM|MAKE_EQUIV|GET_FEATURE|SET_FEATURE|LIST_RULES|ADD_RULE|DEL_RULE|WATCH_\w+|FIRST_\w+|LAST_\w+)$/

/** Record types by number: the kernel's from linux/audit.h, user space's from libaudit.h, later ones by hand. */
export function recordTypes(root, versions) {
  const names = new Map()
  const kernel = readDefines(join(root, 'linux-libc-dev/usr/include/linux/audit.h'))
  const library = readDefines(join(root, 'libaudit-dev/usr/include/libaudit.h'), kernel)
  for (const [macro, number] of [...kernel, ...library]) {
    const name = macro === 'AUDIT_AA' ? 'APPARMOR' : /^AUDIT_(?:MESSAGE_)?(\w+)$/.exec(macro)?.[1]
    if (name === undefined || CONTROL.test(name) || number < 1005 || number > 2999 || names.has(number)) continue
    names.set(number, name)
  }
  for (const [number, name] of LATER_RECORD_TYPES) if (!names.has(number)) names.set(number, name)
  const rows = [...names].sort((a, b) => a[0] - b[0]).map(([number, name]) => `  [${number}, '${name}'],`)
  const source = `linux-libc-dev ${versions['linux-libc-dev']}, libaudit-dev ${versions['libaudit-dev']}`
  const text = `// Made by scripts/generate-tables.mjs from ${source} and later-record-types.mjs; do not edit.\n
/** Record types: number and name (the macro without AUDIT_). */
export const RECORD_TYPES: readonly (readonly [number, string])[] = [
${rows.join('\n')}
]
`
  return { 'record-types.ts': text }
}
