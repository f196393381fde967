import type { IntakeKind, IntakeLine } from '@podwitness/api'
import type { LineTaker } from '../line-taker.ts'
import { takeAudit } from './audit.ts'
import { takeContainer } from './container.ts'
import { takeFinding } from './finding.ts'
import { takeHeartbeat } from './heartbeat.ts'
import { takeLoss } from './loss.ts'
import { takePods } from './pods.ts'
import { takeProcess } from './process.ts'

/** How each kind of line is taken. */
export const LINE_TAKERS: { readonly [Kind in IntakeKind]: LineTaker<Extract<IntakeLine, { kind: Kind }>> } = {
  audit: takeAudit,
  container: takeContainer,
  pods: takePods,
  process: takeProcess,
  loss: takeLoss,
  heartbeat: takeHeartbeat,
  finding: takeFinding,
}
