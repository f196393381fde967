import { as, IN_TIME, type SigmaField, type SigmaSource } from './sigma-source.ts'

/** One binary that is many programs: there the path is that of the name it was called by, as rules know it. */
const IMAGE = "if(match(exe, '/(busybox|toybox|coreutils)$') AND name != '', replaceRegexpOne(exe, '[^/]*$', name), exe)"

/** Names after the Sigma taxonomy, category process_creation. */
const FIELDS: Readonly<Record<string, SigmaField>> = {
  image: as.text(IMAGE),
  commandline: as.text('cmdline'),
  currentdirectory: as.text('cwd'),
  processid: as.number('pid'),
  parentprocessid: as.number('ppid'),
  // Of a parent only its name is kept with its child: a path ends in it, and that is what rules ask of it.
  parentimage: as.text("if(parent_name = '', '', concat('/', parent_name))"),
  user: as.text("if(uid = 0, 'root', toString(uid))"),
  logonid: as.number('auid'),
}

/** `product: linux, category: process_creation`: every program that was started, in a container or on a node. */
export const processCreation: SigmaSource = {
  select: `SELECT event_id, time, cluster, node, ns AS namespace, pod, container, user, trace_id, name, exe, cmdline, cwd, uid
FROM audit.commands
WHERE ${IN_TIME}`,
  text: "concat(cmdline, '\\n', raw)",
  needs: ['commands'],
  groupBy: ['cluster', 'node', 'namespace', 'pod'],
  known: ['Image', 'CommandLine', 'CurrentDirectory', 'ProcessId', 'ParentProcessId', 'ParentImage', 'User', 'LogonId'],
  field: (name) => FIELDS[name.toLowerCase()],
}
