import type { OptionReader } from './option-reader.ts'
import type { PodListConfig } from './pod-list-config.ts'

/** What every Pod has of its service account. Source: kubernetes.io, Accessing the Kubernetes API from a Pod. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Reads `containers.kubelet`, `containers.apiserver` and `containers.pods`; undefined where none is there. */
export function readPodList(containers: OptionReader, node: string): PodListConfig | undefined {
  const named = ['kubelet', 'apiserver', 'pods'].filter((name) => containers.has(name))
  if (named.length > 1) containers.problem(named[1] ?? '', `and ${named[0]} are both there: pods are asked for at one place`)
  const file = containers.text('pods', '')
  const api = containers.has('apiserver')
  const kubelet = containers.below('kubelet')
  const options = api ? containers.below('apiserver') : kubelet
  const config = {
    url: options.text('url', api ? apiUrl() : `https://${hostOf(process.env.HOST_IP ?? '127.0.0.1')}:10250`),
    tokenFile: options.text('tokenFile', `${ACCOUNT}/token`),
    ca: options.text('ca', api ? `${ACCOUNT}/ca.crt` : ''),
    // Revision 0 is answered from memory, without asking etcd. Source: Kubernetes API concepts, resource versions.
    path: api ? `/api/v1/pods?fieldSelector=spec.nodeName%3D${encodeURIComponent(node)}&resourceVersion=0` : '/pods',
    watched: api,
    checkName: api,
    file,
  }
  if (!/^https?:\/\/[^/]+\/?$/.test(config.url)) options.problem('url', 'is no http or https address without a path')
  options.end()
  return named.length > 0 ? config : undefined
}

function apiUrl(): string {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env
  return host === undefined ? 'https://kubernetes.default.svc' : `https://${hostOf(host)}:${port}`
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
