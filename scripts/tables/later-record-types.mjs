/**
 * Record types newer than Debian 12's headers.
 * Sources: include/uapi/linux/audit.h of Linux 6.12 (IPE), 6.15 (LANDLOCK) and 6.18 (MAC_*_CONTEXTS).
 */
export const LATER_RECORD_TYPES = [
  [1338, 'DM_CTRL'],
  [1339, 'DM_EVENT'],
  [1420, 'IPE_ACCESS'],
  [1421, 'IPE_CONFIG_CHANGE'],
  [1422, 'IPE_POLICY_LOAD'],
  [1423, 'LANDLOCK_ACCESS'],
  [1424, 'LANDLOCK_DOMAIN'],
  [1425, 'MAC_TASK_CONTEXTS'],
  [1426, 'MAC_OBJ_CONTEXTS'],
]
