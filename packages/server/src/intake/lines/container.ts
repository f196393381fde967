import type { ContainerLine } from '@podwitness/api'
import { storeTime, timeMsOf } from '@podwitness/event'
import { isRecord } from '@podwitness/kube'
import { containerRow, sampleRows } from '../../rows/container-row.ts'
import { containerVersion } from '../../rows/fact-version.ts'
import type { LineTaker } from '../line-taker.ts'

/** A container seen or gone, or which processes the containers of a node held. */
export const takeContainer: LineTaker<ContainerLine> = ({ time, container }, scope) => {
  const timeMs = typeof container.t === 'number' ? container.t * 1000 : timeMsOf(time)
  const { parcel, known } = scope
  const id = container.id
  if (container.kind === 'sample' && isRecord(container.cgroups)) {
    parcel.samples.push(...sampleRows(container.cgroups, timeMs, scope))
    return null
  }
  if (typeof id !== 'string' || id === '')
    return { code: 'bad_container', message: 'A container line names its container in id.' }
  if (container.kind === 'gone') {
    scope.gone.push({ containerId: id, time: storeTime(timeMs) })
    return null
  }
  if (container.kind !== undefined && container.kind !== 'container')
    return { code: 'bad_container', message: 'The kind of a container line is container, sample or gone.' }
  const row = { ...containerRow(container, timeMs, scope), node: scope.node }
  const versioned = { ...row, version: containerVersion(row, scope.line) }
  known.set(id, versioned)
  parcel.containers.push(versioned)
  return null
}
