/** A Pod's specification, as far as Pod Security looks at it. */
export interface SecuredPod {
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
  readonly hostNetwork?: boolean
  readonly securityContext?: SecurityContext
  readonly volumes?: readonly Readonly<Record<string, unknown>>[]
  readonly containers: readonly SecuredContainer[]
  readonly initContainers?: readonly SecuredContainer[]
}

interface SecuredContainer {
  readonly name: string
  readonly ports?: readonly { readonly hostPort?: number }[]
  readonly securityContext?: SecurityContext
}

interface SecurityContext {
  readonly privileged?: boolean
  readonly allowPrivilegeEscalation?: boolean
  readonly runAsNonRoot?: boolean
  readonly runAsUser?: number
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] }
  readonly seccompProfile?: { readonly type: string }
  readonly appArmorProfile?: { readonly type: string }
  readonly seLinuxOptions?: { readonly type?: string }
}

const BASELINE_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
)
const SELINUX = new Set([undefined, '', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'])
const VOLUMES = new Set('name configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '))

/** Controls of the levels `baseline` and `restricted` that a Pod does not keep. Source: kubernetes.io, Pod Security Standards. */
export function brokenControls(pod: SecuredPod): { baseline: string[]; restricted: string[] } {
  const containers = [...(pod.initContainers ?? []), ...pod.containers]
  const each = (control: string, broken: (context: SecurityContext, container: SecuredContainer) => boolean): string[] =>
    containers.flatMap((container) => {
      return broken({ ...pod.securityContext, ...container.securityContext }, container) ? [`${container.name}: ${control}`] : []
    })
  const baseline = [
    ...(['hostPID', 'hostIPC', 'hostNetwork'] as const).filter((name) => pod[name] === true),
    ...((pod.volumes ?? []).some((volume) => 'hostPath' in volume) ? ['hostPath'] : []),
    ...each('hostPort', (_, { ports = [] }) => ports.some(({ hostPort = 0 }) => hostPort !== 0)),
    ...each('privileged', ({ privileged }) => privileged === true),
    ...each('capabilities', ({ capabilities }) => (capabilities?.add ?? []).some((name) => !BASELINE_CAPABILITIES.has(name))),
    ...each('AppArmor', ({ appArmorProfile }) => appArmorProfile?.type === 'Unconfined'),
    ...each('SELinux', ({ seLinuxOptions }) => !SELINUX.has(seLinuxOptions?.type)),
    ...each('seccomp', ({ seccompProfile }) => seccompProfile?.type === 'Unconfined'),
  ]
  const restricted = [
    ...((pod.volumes ?? []).some((volume) => Object.keys(volume).some((name) => !VOLUMES.has(name))) ? ['volume types'] : []),
    ...each('escalation', ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false),
    ...each('root', ({ runAsNonRoot, runAsUser }) => runAsNonRoot !== true || runAsUser === 0),
    ...each('seccomp not set', ({ seccompProfile }) => !['RuntimeDefault', 'Localhost'].includes(seccompProfile?.type ?? '')),
    ...each('drop ALL', ({ capabilities }) => {
      const { add = [], drop = [] } = capabilities ?? {}
      return !drop.includes('ALL') || add.some((name) => name !== 'NET_BIND_SERVICE')
    }),
  ]
  return { baseline, restricted }
}
