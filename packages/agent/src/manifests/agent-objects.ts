import type { ManifestShape } from './manifest-shape.ts'

/** Namespace, priority, account, what the account may read, the join token, and on OpenShift leave to use hostPath. */
export function agentAccess(shape: ManifestShape): string[] {
  const { namespace, joinToken, priorityClass } = shape.values
  const space = `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    # hostPID and hostPath are what a node agent is made of; the stricter levels forbid both. The server's Pod keeps to the
    # strictest. Without the other two, clusters that warn by default would warn at each change.
    pod-security.kubernetes.io/enforce: privileged
    pod-security.kubernetes.io/audit: privileged
    pod-security.kubernetes.io/warn: privileged
`
  const priority = `# The highest that is not the system's own: that one is kept for kube-system by some clouds.
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: ${priorityClass}
value: 1000000000
description: An auditor that is evicted first sees nothing of what evicted it.
`
  const account = `apiVersion: v1
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
    namespace: ${namespace}
`
  const secret = `# Lets nodes join; not needed any more once they have.
apiVersion: v1
kind: Secret
metadata:
  name: podwitness-join
  namespace: ${namespace}
type: Opaque
data:
  token: ${joinToken}
`
  return [
    shape.when('namespace', space),
    shape.when('priorityClass', priority),
    account,
    shape.when('askForPods', podReader(namespace)),
    shape.when('openshift', openshift),
    shape.when('joinSecret', secret),
  ]
}

function podReader(namespace: string): string {
  return `# Reads pods, nothing else: owners, probes and hooks, which the runtime does not know. Without it, kubelet's probes
# cannot be told from somebody who entered. Asked of the API: nodes/proxy of kubelets would let it enter containers.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: podwitness-agent
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: podwitness-agent
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: podwitness-agent
subjects:
  - kind: ServiceAccount
    name: podwitness-agent
    namespace: ${namespace}
`
}

/** The DaemonSet. */
export function agentDaemonSet(shape: ManifestShape): string {
  return `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: podwitness-agent
  namespace: ${shape.values.namespace}
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
${shape.when('askForPods', '      # For the list of the pods of its node.\n      automountServiceAccountToken: true\n', '      automountServiceAccountToken: false\n')}      # The kernel lets only its first process namespace manage auditing, and programs are known by the node's process numbers.
      hostPID: true
      priorityClassName: ${shape.values.priorityClass}
${shape.field('pullSecrets', 6)}${shape.field('agentNodeSelector', 6)}      # Nodes without a machine (Azure Container Instances, ECI, Fargate) have no kernel of their own to audit.
${shape.field('agentAffinity', 6)}      # Every node, also control planes and nodes that are being drained: an untold node is a blind spot.
${shape.field('agentTolerations', 6)}      terminationGracePeriodSeconds: 30
${shape.when('privilegedSetup', setupContainer(shape), NO_SETUP)}      containers:
${agentContainer(shape)}${volumes(shape)}`
}

const NO_SETUP = `      # No privileged container: nodes are set up at their first boot by the script that
      # \`podwitness node script\` prints. This DaemonSet keeps rules and plugins as the ConfigMaps say.
`

/** SELinux keeps a container from the node's files even where hostPath mounts them. */
const selinux = (shape: ManifestShape): string =>
  shape.when(
    'openshift',
    `            # SELinux keeps other types from the node's files, even mounted ones.
            seLinuxOptions: {type: spc_t}
`,
  )

const MANAGED_MOUNTS = `            - {name: auditd-rules, mountPath: /config/auditd-rules, readOnly: true}
            - {name: audisp-plugins, mountPath: /config/audisp-plugins, readOnly: true}
            - {name: oms-config, mountPath: /config/oms-config, readOnly: true}
`

function setupContainer(shape: ManifestShape): string {
  const args = (more: string): string => `          args: [node, apply, --root, /node, --config, /config, --socket${more}]\n`
  return `      initContainers:
        # Installs and starts auditd, loads the rules, and ends. It is the only privileged container of the Pod.
        - name: setup
          image: ${shape.values.image}
${shape.when('adopt', args(', --adopt, aks-auditd'), args(''))}${shape.field('setupEnv', 10)}          securityContext:
            # A package tool writes anywhere on the node, runs scripts of packages, and starts a service.
            privileged: true
${selinux(shape)}          volumeMounts:
            # Writable, and with what the node mounts later: the package tool sees the node as it is.
            - {name: node, mountPath: /node, mountPropagation: HostToContainer}
${MANAGED_MOUNTS}          resources:
            requests: {cpu: 50m, memory: 128Mi}
            limits: {memory: 512Mi}
`
}

function agentContainer(shape: ManifestShape): string {
  const { image } = shape.values
  return `        # Keeps rules and plugins as the ConfigMaps say and proves it, reads records, knows their containers, spools and sends.
        - name: agent
          image: ${image}
          args: [agent, --config, /etc/podwitness/agent.yaml]
          env:
            - name: NODE_NAME
              valueFrom:
                fieldRef: {fieldPath: spec.nodeName}
            - name: HOST_IP
              valueFrom:
                fieldRef: {fieldPath: status.hostIP}
${shape.field('agentEnv', 10)}          ports:
            - {name: metrics, containerPort: 9273}
          securityContext:
            # audit.log and /etc/audit belong to root; without the capabilities that root has otherwise.
            runAsUser: 0
            runAsGroup: 0
            privileged: false
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
${selinux(shape)}            seccompProfile: {type: RuntimeDefault}
            # The runtime's profile forbids signals to auditd, and reading /proc of processes outside this container.
            appArmorProfile: {type: Unconfined}
            capabilities:
              drop: [ALL]
              add:
                # Loads rules, reads them back, and asks the kernel how many records it lost.
                - AUDIT_CONTROL
                # auditctl runs in the node's root: the kernel finds the files of a watch from there.
                - SYS_CHROOT
                # Reads working folder and program of other users' processes in /proc.
                - SYS_PTRACE
                # Reads logs whose group or mode a distribution narrowed.
                - DAC_READ_SEARCH
          volumeMounts:
            # The node's programs, logs and sockets. Its root file system is read-only in here but for the two folders that
            # are written; file systems that the node mounts below keep their own mode, and follow what it mounts and unmounts.
            - {name: node, mountPath: /node, readOnly: true, mountPropagation: HostToContainer}
            # Rule and plugin files.
            - {name: etc-audit, mountPath: /node/etc/audit}
            # Spool, positions, the node's certificate, and what was found and done there: they outlive the Pod.
            - {name: state, mountPath: /node/var/lib/podwitness}
${MANAGED_MOUNTS}            - {name: agent-config, mountPath: /etc/podwitness, readOnly: true}
            - {name: join, mountPath: /join, readOnly: true}
          # Alive is: it answers. A full disk or a refused rule is not mended by a restart; /healthz and findings tell of them.
          livenessProbe:
            httpGet: {path: /livez, port: metrics}
            initialDelaySeconds: 20
            periodSeconds: 30
            timeoutSeconds: 10
            failureThreshold: 6
          # Ready is: read back from the kernel and equal. A roll-out of bad rules stops at the first nodes.
          readinessProbe:
            httpGet: {path: /readyz, port: metrics}
            periodSeconds: 10
            timeoutSeconds: 5
${shape.field('agentResources', 10)}`
}

function volumes(shape: ManifestShape): string {
  const from = (words: string): string =>
    `        # ${words} Without the rules no Pod starts: a missing ConfigMap must not look like an empty one.\n`
  return `      volumes:
        - name: node
          hostPath: {path: /, type: Directory}
        - name: etc-audit
          hostPath: {path: /etc/audit, type: DirectoryOrCreate}
        - name: state
          hostPath: {path: /var/lib/podwitness, type: DirectoryOrCreate}
${shape.when('adopt', from('aks-auditd’s own ConfigMaps, as they are.'), from('The ConfigMaps above.'))}        - name: auditd-rules
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
