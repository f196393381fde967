import { agentAccess, agentDaemonSet } from './agent-objects.ts'
import { configMaps } from './config-maps.ts'
import { documents, type ManifestOptions } from './manifest-options.ts'
import { CHART_SHAPE, printedShape } from './manifest-shape.ts'
import { monitoringObjects, serverObjects } from './server-objects.ts'

export { DISTRIBUTIONS, type Distribution, type ManifestOptions, runtimeSocket } from './manifest-options.ts'

/** Everything a cluster needs, as one YAML stream: the agent's objects, then the server's unless it is elsewhere. */
export function manifests(options: ManifestOptions): string {
  const shape = printedShape(options)
  const parts = [
    ...agentAccess(shape),
    ...configMaps(shape),
    agentDaemonSet(shape),
    ...serverObjects(shape),
    ...monitoringObjects(shape),
  ]
  return documents(parts.filter((part) => part !== ''))
}

/** The same objects as templates of a Helm chart, by the names of their files. */
export function chartTemplates(): Record<string, string> {
  const files = {
    'access.yaml': agentAccess(CHART_SHAPE),
    'configuration.yaml': configMaps(CHART_SHAPE),
    'agent.yaml': [agentDaemonSet(CHART_SHAPE)],
    'server.yaml': serverObjects(CHART_SHAPE),
    'monitoring.yaml': monitoringObjects(CHART_SHAPE),
  }
  const head = '{{- /* Made by the code that prints `podwitness manifests`, and held equal to it by a test. */ -}}\n'
  return Object.fromEntries(Object.entries(files).map(([name, parts]) => [name, `${head}${documents(parts)}`]))
}
