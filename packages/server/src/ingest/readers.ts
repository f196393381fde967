import { readAudit } from './read-audit.ts'
import { readContainers } from './read-containers.ts'
import { readKubeList, readKubeLog, readKubeWebhook } from './read-kube.ts'
import { readPods } from './read-pods.ts'
import type { Format } from './recognise.ts'
import type { FormatReader } from './sink.ts'

/** How each format is read. */
export const READERS: Readonly<Record<Format, FormatReader>> = {
  audit: readAudit,
  'kube-log': readKubeLog,
  'kube-list': readKubeList,
  'kube-webhook': readKubeWebhook,
  containers: readContainers,
  pods: readPods,
}
