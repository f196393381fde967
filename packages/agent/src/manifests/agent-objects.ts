import type { ManifestOptions } from './manifest-options.ts'

/** Namespace, account and, on OpenShift, leave to use hostPath. */
export function agentAccess(options: ManifestOptions): string[] {
  const { namespace, distribution, adoptAksAuditd } = options
  const space = `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    # hostPID and hostPath are what a node agent is made of; the stricter levels forbid both.
    pod-security.kubernetes.io/enforce: privileged`
  const account = `# The agent asks the Kubernetes API nothing: it knows containers and pods from the node's runtime. So there is no Role.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: podwitness-agent
  namespace: ${namespace}
automountServiceAccountToken: false`
  const openshift = `# OpenShift forbids hostPID, hostPath and capabilities unless an account may use this constraint.
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: podwitness-agent-privileged
  namespace: ${namespace}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: system:openshift:scc:privileged
subjects:
  - kind: ServiceAccount
    name: podwitness-agent
    namespace: ${namespace}`
  return [...(adoptAksAuditd ? [] : [space]), account, ...(distribution === 'openshift' ? [openshift] : [])]
}

/** The DaemonSet. */
export function agentDaemonSet(options: ManifestOptions): string {
  const { namespace } = options
  return `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: podwitness-agent
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: podwitness-agent
    app.kubernetes.io/part-of: podwitness
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: podwitness-agent
  updateStrategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 10%
  template:
    metadata:
      labels:
        app.kubernetes.io/name: podwitness-agent
        app.kubernetes.io/part-of: podwitness
    spec:
      serviceAccountName: podwitness-agent
      automountServiceAccountToken: false
      # The kernel lets only its first process namespace manage auditing, and programs are known by the node's process numbers.
      hostPID: true
      # An auditor that is evicted first sees nothing of what evicted it.
      priorityClassName: system-node-critical
      nodeSelector:
        kubernetes.io/os: linux
      # Every node, also control planes and nodes that are being drained: an untold node is a blind spot.
      tolerations:
        - operator: Exists
      terminationGracePeriodSeconds: 30
${options.privilegedSetup ? setupContainer(options) : NO_SETUP}      containers:
${rulesContainer(options)}${agentContainer(options)}${volumes(options)}`
}

const NO_SETUP = `      # No privileged container: nodes are set up at their first boot by the script that
      # \`podwitness node script\` prints. This DaemonSet keeps rules and plugins as the ConfigMaps say.
`

const adoptArgs = ({ adoptAksAuditd }: ManifestOptions): string => (adoptAksAuditd ? ', --adopt, aks-auditd' : '')

/** SELinux keeps a container from the node's files even where hostPath mounts them. */
const selinux = ({ distribution }: ManifestOptions, columns: number): string => {
  if (distribution !== 'openshift') return ''
  const at = ' '.repeat(columns)
  return `${at}# SELinux keeps other types from the node's files, even mounted ones.\n${at}seLinuxOptions: {type: spc_t}\n`
}

const MANAGED_MOUNTS = `            - {name: auditd-rules, mountPath: /config/auditd-rules, readOnly: true}
            - {name: audisp-plugins, mountPath: /config/audisp-plugins, readOnly: true}
            - {name: oms-config, mountPath: /config/oms-config, readOnly: true}
`

function setupContainer(options: ManifestOptions): string {
  return `      initContainers:
        # Installs and starts auditd, loads the rules, and ends. It is the only privileged container of the Pod.
        - name: setup
          image: ${options.image}
          args: [node, apply, --root, /node, --config, /config, --socket${adoptArgs(options)}]
          securityContext:
            # A package tool writes anywhere on the node, runs scripts of packages, and starts a service.
            privileged: true
${selinux(options, 12)}          volumeMounts:
            # Writable, and with what the node mounts later: the package tool sees the node as it is.
            - {name: node, mountPath: /node, mountPropagation: HostToContainer}
${MANAGED_MOUNTS}          resources:
            requests: {cpu: 50m, memory: 128Mi}
            limits: {memory: 512Mi}
`
}

function rulesContainer(options: ManifestOptions): string {
  return `        # Keeps rules and plugins as the ConfigMaps say, and proves it by reading the kernel's list. It uses no network.
        - name: rules
          image: ${options.image}
          args: [node, apply, --watch, --root, /node, --config, /config, --socket, --no-install, --no-start${adoptArgs(options)}]
          securityContext:
            # Root on the node's files in /etc/audit, which belong to root; without the capabilities that root has otherwise.
            runAsUser: 0
            runAsGroup: 0
            privileged: false
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
${selinux(options, 12)}            seccompProfile: {type: RuntimeDefault}
            # The runtime's profile forbids signals to auditd, which reads its plugins again on one.
            appArmorProfile: {type: Unconfined}
            capabilities:
              drop: [ALL]
              add:
                # Loads rules and reads them back.
                - AUDIT_CONTROL
                # auditctl runs in the node's root: the kernel finds the files of a watch from there.
                - SYS_CHROOT
          volumeMounts:
            # Read-only but for the two folders that are written.
            - {name: node, mountPath: /node, readOnly: true, mountPropagation: HostToContainer}
            # Rule and plugin files.
            - {name: etc-audit, mountPath: /node/etc/audit}
            # What was found and done, for undoing it; the sets that were in force.
            - {name: state, mountPath: /node/var/lib/podwitness}
${MANAGED_MOUNTS}          # Ready is: read back from the kernel and equal. A roll-out of bad rules stops at the first nodes.
          readinessProbe:
            exec:
              command: [podwitness, node, status, --root, /node, --config, /config, --socket, --quiet]
            initialDelaySeconds: 5
            periodSeconds: 60
            timeoutSeconds: 20
          resources:
            requests: {cpu: 10m, memory: 64Mi}
            limits: {cpu: 250m, memory: 192Mi}
`
}

function agentContainer(options: ManifestOptions): string {
  return `        # Reads records, knows their containers, spools and sends. It can change nothing on the node but its own spool.
        - name: agent
          image: ${options.image}
          args: [agent, --config, /etc/podwitness/agent.yaml]
          env:
            - name: NODE_NAME
              valueFrom:
                fieldRef: {fieldPath: spec.nodeName}
          ports:
            - {name: metrics, containerPort: 9273}
          securityContext:
            # audit.log belongs to root and is nobody else's to read.
            runAsUser: 0
            runAsGroup: 0
            privileged: false
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
${selinux(options, 12)}            seccompProfile: {type: RuntimeDefault}
            # The runtime's profile forbids reading /proc of processes outside this container.
            appArmorProfile: {type: Unconfined}
            capabilities:
              drop: [ALL]
              add:
                # Asks the kernel how many records it lost; the question needs the same capability as a change.
                - AUDIT_CONTROL
                # Reads working folder and program of other users' processes in /proc.
                - SYS_PTRACE
                # Reads logs whose group or mode a distribution narrowed.
                - DAC_READ_SEARCH
          volumeMounts:
            # The node's logs, sockets and /proc.
            - {name: node, mountPath: /node, readOnly: true, mountPropagation: HostToContainer}
            # Spool, positions and the node's certificate: they outlive the Pod.
            - {name: state, mountPath: /var/lib/podwitness}
            - {name: agent-config, mountPath: /etc/podwitness, readOnly: true}
            - {name: join, mountPath: /etc/podwitness/join, readOnly: true}
          livenessProbe:
            httpGet: {path: /healthz, port: metrics}
            initialDelaySeconds: 10
            periodSeconds: 30
            timeoutSeconds: 5
          resources:
            requests: {cpu: 20m, memory: 96Mi}
            limits: {cpu: 500m, memory: 256Mi}
`
}

function volumes({ adoptAksAuditd }: ManifestOptions): string {
  const source = adoptAksAuditd ? 'aks-auditd’s own ConfigMaps, as they are' : 'the ConfigMaps above'
  return `      volumes:
        - name: node
          hostPath: {path: /, type: Directory}
        - name: etc-audit
          hostPath: {path: /etc/audit, type: DirectoryOrCreate}
        - name: state
          hostPath: {path: /var/lib/podwitness, type: DirectoryOrCreate}
        # From ${source}. Without the rules no Pod starts: a missing ConfigMap must not look like an empty one.
        - name: auditd-rules
          configMap: {name: auditd-rules}
        - name: audisp-plugins
          configMap: {name: audisp-plugins, optional: true}
        - name: oms-config
          configMap: {name: oms-config, optional: true}
        - name: agent-config
          configMap: {name: podwitness-agent}
        # kubectl create secret generic podwitness-join --from-literal=token=…; not needed any more once the nodes have joined.
        - name: join
          secret: {secretName: podwitness-join, optional: true, defaultMode: 0400}`
}
