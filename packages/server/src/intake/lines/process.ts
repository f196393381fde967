import { basename } from 'node:path'
import type { ProcessLine } from '@podwitness/api'
import { shellQuote, storeTime, timeMsOf } from '@podwitness/event'
import { uuidOf } from '@podwitness/kube'
import { rawColumns } from '../../rows/raw-columns.ts'
import type { LineTaker } from '../line-taker.ts'

/**
 * A process that was running when the agent looked. It is not a program start (nobody saw one): it is kept as an
 * observation, which gives lineage its parent and, through a sample, its container.
 */
export const takeProcess: LineTaker<ProcessLine> = (line, { parcel, cluster, node }, bytes) => {
  const { boot, pid, ppid, startTicks, exe, argv, containerId, loginuid, auditSession } = line
  const time = storeTime(timeMsOf(line.time))
  parcel.events.push({
    time,
    event_id: uuidOf('process', cluster, node, boot, String(pid), String(startTicks)),
    kind: 'LinuxAudit',
    action: 'process seen',
    cluster,
    node,
    boot,
    source: 'proc',
    pid,
    ppid,
    auid: loginuid,
    ses: auditSession,
    exe,
    comm: basename(exe).slice(0, 15),
    name: basename(argv[0] ?? exe),
    argv,
    cmdline: shellQuote(argv),
    container_id: containerId,
    ...rawColumns(bytes),
  })
  if (/^[0-9a-f]{64}$/.test(containerId)) parcel.samples.push({ cluster, node, time, container_id: containerId, pids: [pid] })
  return null
}
