import { existsSync } from 'node:fs'

/** Where runtimes listen: containerd, CRI-O, k3s, microk8s. */
export const CRI_SOCKETS = [
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/k3s/containerd/containerd.sock',
  '/var/snap/microk8s/common/run/containerd.sock',
]

/** The socket to ask: the one given, or the first that exists. */
export function criSocket(option: string): string | undefined {
  if (option === 'off') return undefined
  return option === 'auto' ? CRI_SOCKETS.find((path) => existsSync(path)) : option
}
