import { as, IN_TIME, type SigmaField, type SigmaSource } from './sigma-source.ts'

/** Fields of audit records that are columns. Source: audit-documentation, specs/fields/field-dictionary.csv. */
const FIELDS: Readonly<Record<string, SigmaField>> = {
  type: as.list('record_types'),
  syscall: { sql: 'syscall', kind: 'syscall' },
  comm: as.text('comm'),
  exe: as.text('exe'),
  cwd: as.text('cwd'),
  key: as.list('keys'),
  name: as.list('paths'),
  tty: as.text('tty'),
  pid: as.number('pid'),
  ppid: as.number('ppid'),
  uid: as.number('uid'),
  auid: as.number('auid'),
  ses: as.number('ses'),
  exit: as.text('toString(exit)'),
}

/** `product: linux, service: auditd`: audit records of the nodes, those of one event as one row. */
export const auditd: SigmaSource = {
  select: `SELECT event_id, time, cluster, node, arrayElement(record_types, 1) AS what, comm, exe, cmdline, pid, uid, auid, substring(raw, 1, 300) AS details
FROM audit.events
WHERE kind IN ('LinuxAudit', 'Command') AND ${IN_TIME}`,
  text: 'raw',
  needs: ['linuxAudit'],
  groupBy: ['cluster', 'node'],
  known: [...Object.keys(FIELDS), 'a0', 'a1', 'success', 'euid'],
  field: (name, beside) => {
    const argument = /^a(\d{1,3})$/.exec(name)?.[1]
    // a0 to a3 are registers in a SYSCALL record, and words of the command line in an EXECVE record.
    if (argument !== undefined)
      return JSON.stringify(beside.type ?? '').includes('SYSCALL')
        ? as.text(`extract(raw, 'type=SYSCALL[^\\\\n]* a${argument}=(\\\\S+)')`)
        : as.text(`arrayElement(argv, ${Number(argument) + 1})`)
    const known = FIELDS[name]
    if (known !== undefined) return known
    // Anything else stands in the record as it is written there.
    return /^[a-z][a-z0-9_-]{0,40}$/.test(name) ? as.text(`extract(raw, '[ \\']${name}="?([^" \\\\n]*)')`) : undefined
  },
}
