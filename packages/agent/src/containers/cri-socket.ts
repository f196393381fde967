import { existsSync } from 'node:fs'
import { pathInside } from '../node/machine.ts'

/** Where runtimes listen: containerd, CRI-O, k3s, microk8s. */
export const CRI_SOCKETS = [
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/k3s/containerd/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
]

/** The socket to ask: the one given, or the first that exists on the node whose root file system is at `root`. */
export function criSocket(option: string, root = '/'): string | undefined {
  if (option === 'off') return undefined
  if (option !== 'auto') return option
  return CRI_SOCKETS.map((path) => (root === '/' ? path : pathInside(root, path))).find((path) => existsSync(path))
}
