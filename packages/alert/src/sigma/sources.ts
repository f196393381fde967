import { auditd } from './auditd.ts'
import { kubernetesAudit } from './kubernetes-audit.ts'
import { processCreation } from './process-creation.ts'
import { SigmaRefusal, type SigmaSource } from './sigma-source.ts'

interface LogSource {
  readonly product?: unknown
  readonly category?: unknown
  readonly service?: unknown
}

/** The evidence that a rule's log source names. */
export function sourceOf(source: LogSource): SigmaSource {
  const word = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '')
  const [product, category, service] = [word(source.product), word(source.category), word(source.service)]
  if (product === 'linux' && category === 'process_creation' && service === '') return processCreation
  if (product === 'linux' && service === 'auditd' && category === '') return auditd
  if (product === 'kubernetes' && (service === 'audit' || service === '') && category === '') return kubernetesAudit
  const named = [product, category, service].filter((one) => one !== '').join(' / ')
  throw new SigmaRefusal(
    `There is no evidence of the log source ${named || 'that names nothing'}; there is of linux / process_creation, linux / auditd and kubernetes / audit.`,
  )
}
