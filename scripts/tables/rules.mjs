import { join } from 'node:path'
import { readDefines } from './headers.mjs'

// Names of auditctl's manual page (auditctl(8), -F) and the macros of linux/audit.h they stand for.
const FIELDS = {
  pid: 'PID',
  uid: 'UID',
  euid: 'EUID',
  suid: 'SUID',
  fsuid: 'FSUID',
  gid: 'GID',
  egid: 'EGID',
  sgid: 'SGID',
  fsgid: 'FSGID',
  auid: 'LOGINUID',
  loginuid: 'LOGINUID',
  pers: 'PERS',
  arch: 'ARCH',
  msgtype: 'MSGTYPE',
  subj_user: 'SUBJ_USER',
  subj_role: 'SUBJ_ROLE',
  subj_type: 'SUBJ_TYPE',
  subj_sen: 'SUBJ_SEN',
  subj_clr: 'SUBJ_CLR',
  ppid: 'PPID',
  obj_user: 'OBJ_USER',
  obj_role: 'OBJ_ROLE',
  obj_type: 'OBJ_TYPE',
  obj_lev_low: 'OBJ_LEV_LOW',
  obj_lev_high: 'OBJ_LEV_HIGH',
  sessionid: 'SESSIONID',
  devmajor: 'DEVMAJOR',
  devminor: 'DEVMINOR',
  inode: 'INODE',
  exit: 'EXIT',
  success: 'SUCCESS',
  path: 'WATCH',
  perm: 'PERM',
  dir: 'DIR',
  filetype: 'FILETYPE',
  obj_uid: 'OBJ_UID',
  obj_gid: 'OBJ_GID',
  field_compare: 'FIELD_COMPARE',
  exe: 'EXE',
  saddr_fam: 'SADDR_FAM',
  a0: 'ARG0',
  a1: 'ARG1',
  a2: 'ARG2',
  a3: 'ARG3',
  key: 'FILTERKEY',
  fstype: 'FSTYPE',
}

/** Fields, lists and comparisons of audit rules. */
export function ruleTables(root, versions) {
  const kernel = readDefines(join(root, 'linux-libc-dev/usr/include/linux/audit.h'))
  const fields = Object.entries(FIELDS).map(([name, macro]) => `  ${name}: ${kernel.get(`AUDIT_${macro}`)},`)
  const compare = [...kernel]
    .map(([macro, value]) => [/^AUDIT_COMPARE_(\w+)_TO_(\w+)$/.exec(macro), value])
    .filter(([match]) => match !== null)
    .map(([match, value]) => `  '${match[1].toLowerCase()},${match[2].toLowerCase()}': ${value},`)
  const lists = ['USER', 'TASK', 'ENTRY', 'EXIT', 'EXCLUDE', 'FS', 'URING_EXIT'].map((name) => {
    const value = kernel.get(`AUDIT_FILTER_${name}`)
    return value === undefined ? '' : `  ${name.toLowerCase()}: ${value},`
  })
  const text = `// Made by scripts/generate-tables.mjs from linux-libc-dev ${versions['linux-libc-dev']}; do not edit.\n
/** Numbers of rule fields by auditctl's names. */
export const RULE_FIELDS: Readonly<Record<string, number>> = {
${fields.join('\n')}
}

/** Numbers of \`-C\` comparisons. */
export const RULE_COMPARISONS: Readonly<Record<string, number>> = {
${compare.join('\n')}
}

/** Numbers of filter lists. */
export const RULE_LISTS: Readonly<Record<string, number>> = {
${lists.filter(Boolean).join('\n')}
}
`
  return { 'rule-fields.ts': text }
}
