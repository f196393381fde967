import { existsSync } from 'node:fs'
import { pathInside } from '../node/machine.ts'

/**
 * Where runtimes listen. Those of a distribution come first: on a k3s node with a Docker beside it, the pods are k3s'.
 * Sources: documentation of each; cri-dockerd, README.
 */
const CRI_SOCKETS = [
  '/run/k3s/containerd/containerd.sock', // k3s and rke2
  '/run/k0s/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
  '/run/crio/crio.sock',
  '/run/cri-dockerd.sock',
  '/run/containerd/containerd.sock',
] as const

/**
 * The socket to ask: the one given, or the first that exists on the node whose root file system is at `root`. A Docker
 * before 1.24 has no socket of its own for this: there, processes are known by their cgroups only.
 */
export function criSocket(option: string, root = '/'): string | undefined {
  if (option === 'off') return undefined
  if (option !== 'auto') return option
  return CRI_SOCKETS.map((path) => (root === '/' ? path : pathInside(root, path))).find((path) => existsSync(path))
}
