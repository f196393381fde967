import { agentAccess, agentDaemonSet } from './agent-objects.ts'
import { configMaps } from './config-maps.ts'
import { documents, type ManifestOptions } from './manifest-options.ts'
import { serverObjects } from './server-objects.ts'

export { DISTRIBUTIONS, type Distribution, type ManifestOptions } from './manifest-options.ts'

/** Everything a cluster needs, as one YAML stream: the agent's objects, then the server's unless it is elsewhere. */
export function manifests(options: ManifestOptions): string {
  const agent = [...agentAccess(options), ...configMaps(options), agentDaemonSet(options)]
  return documents([...agent, ...(options.serverUrl === null ? serverObjects(options) : [])])
}
