import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of managing a node's audit system. */
export const nodeErrors: ErrorEntries = {
  'PW-ND-001': entry(
    1,
    'A rule file has a line that auditctl would refuse',
    'The file and line are given; nothing was changed and the last good set stays in force.',
    'Correct the line; `podwitness audit-rules lint FILE` says what is wrong with it.',
  ),
  'PW-ND-002': entry(
    1,
    'The kernel refused a rule',
    'The rule is well formed, and this kernel does not take it: a folder that does not exist, or a field it does not know.',
    'Correct the line that is named. The last good set stays in force meanwhile.',
  ),
  'PW-ND-003': entry(
    1,
    'The kernel has locked its audit rules',
    'A rule file set `-e 2`: no rule can be changed until the machine is booted again.',
    'Boot the node when it suits; the files are in place and will be in force then.',
  ),
  'PW-ND-004': entry(
    3,
    'auditctl is not on the node',
    'The audit package is not installed there, or --root does not name the node’s root.',
    'Run `podwitness node apply` without --no-install, or give package files with --packages.',
  ),
  'PW-ND-005': entry(
    4,
    'The kernel does not let this process manage auditing',
    'It needs root with CAP_AUDIT_CONTROL in the first process namespace.',
    'Run it as root on the node, or in a Pod with hostPID and that capability.',
  ),
  'PW-ND-006': entry(
    1,
    'A file of somebody else has the name of ours',
    'Files that we did not write are never touched.',
    'Rename the key of the ConfigMap, or take the file over with --adopt aks-auditd.',
  ),
  'PW-ND-007': entry(
    1,
    'A folder of the desired state cannot be read',
    'It is missing, or this process may not read it. It is not taken for an empty one: nothing is deleted.',
    'Check that the ConfigMap is there and mounted.',
  ),
  'PW-ND-008': entry(
    1,
    'A plugin file cannot be used',
    'auditd would not read it, or its plugin does not take what it is given.',
    'Correct the line that is named; auditd-plugins(5) has the form.',
  ),
  'PW-ND-009': entry(
    1,
    'The kernel does not hold what was loaded',
    'The rules were read back and differ; another program may be changing them at the same time.',
    'Look which other program manages audit rules, and let one do it: `podwitness node doctor`.',
  ),
  'PW-ND-010': entry(
    1,
    'auditd does not run',
    'It could not be started, or did not take over within ten seconds.',
    'Look into its messages in the system log; `podwitness node doctor` checks the usual reasons.',
  ),
  'PW-ND-011': entry(
    1,
    'podwitness has done nothing here before',
    'There is no set to go back to, or nothing to take away.',
    'Check --root; `podwitness node status` shows what is there.',
  ),
  'PW-ND-012': entry(
    2,
    'The folder is not the root of a node',
    'There is no folder etc in it.',
    'Mount the node’s root file system and give that folder with --root.',
  ),
  'PW-ND-013': entry(
    1,
    'Another podwitness is changing this node',
    'Only one at a time may; it held the lock for more than fifteen seconds.',
    'Wait for it, or end it.',
  ),
  'PW-ND-014': entry(
    2,
    'There is no such rule pack',
    'The name is not one of the bundled packs.',
    'List them: `podwitness node packs`.',
  ),
  'PW-ND-015': entry(
    1,
    'Installing the audit package failed',
    'The package tool’s own words are given.',
    'Repair the node’s package sources, or give package files with --packages.',
  ),
  'PW-ND-016': entry(
    1,
    'A file of the node cannot be written',
    'The file system is read-only or full, or this process may not write there.',
    'Run as root; mount /etc/audit and /var/lib/podwitness of the node writable.',
  ),
  'PW-ND-017': entry(
    3,
    'The kernel has no audit system',
    'It was built without CONFIG_AUDIT, or started with audit=0.',
    'Remove audit=0 from the kernel’s command line, or use a kernel with auditing.',
  ),
  'PW-ND-018': entry(
    1,
    'Nothing on this node reads the file',
    'Its name has another ending than its reader looks for, or its reader is not installed.',
    'Rename or remove it. What it should have collected, the agent collects by itself.',
  ),
  'PW-ND-019': entry(
    1,
    'Records go to another syslog facility than the collector takes',
    'The plugin’s second argument names the facility; without one it is user.',
    'Set both sides to the same facility.',
  ),
  'PW-ND-020': entry(
    4,
    'Commands cannot be run in the node’s root',
    'chroot or nsenter is missing here, or this process may not use it.',
    'Add the capability SYS_CHROOT (for nsenter: SYS_ADMIN and hostPID), and use an image that has the program.',
  ),
  'PW-ND-021': entry(
    1,
    'An option of oms-config has no counterpart',
    'It belongs to auoms or the OMS agent, which were retired; the message says where podwitness has what it did, or that it has it nowhere.',
    'Set it where the message says, or take it out; `podwitness node translate --oms FOLDER` prints the whole translation.',
  ),
  'PW-ND-022': entry(
    1,
    'A file of oms-config is wrong',
    'A value cannot be read. What was in force before stays; after a start, a redaction rule that cannot be read hides whole command lines.',
    'Correct the line that is named.',
  ),
}
