import type { ManifestShape } from './manifest-shape.ts'

const LABELS = 'app.kubernetes.io/name: podwitness'

/** The server with its embedded engine: one Pod, one volume, reachable for agents and API servers only. */
export function serverObjects(shape: ManifestShape): string[] {
  const { namespace } = shape.values
  const account = `# The server asks the Kubernetes API nothing: kube-apiserver sends it audit events. So there is no Role.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: podwitness
  namespace: ${namespace}
automountServiceAccountToken: false`
  const parts = [account, statefulSet(shape), service(namespace), policy(namespace)]
  const webhook = `# For kube-apiserver's audit webhook, which knows no names of the cluster: it is given this Service's address.
apiVersion: v1
kind: Service
metadata:
  name: podwitness-webhook
  namespace: ${namespace}
spec:
  selector:
    ${LABELS}
  ports:
    - {name: intake, port: 7273, targetPort: intake}
`
  const budget = `# One Pod, one volume: a drain waits until somebody moves it. Agents spool meanwhile either way.
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: podwitness
  namespace: ${namespace}
spec:
  minAvailable: 1
  selector:
    matchLabels:
      ${LABELS}
`
  const all = `${parts.join('\n---\n')}\n${shape.when('webhook', `---\n${webhook}`)}${shape.when('disruptionBudget', `---\n${budget}`)}`
  return [shape.when('server', all)]
}

/** Metrics of the agents, for the Prometheus operator. */
export function monitoringObjects(shape: ManifestShape): string[] {
  const { namespace } = shape.values
  const labels = 'app.kubernetes.io/name: podwitness-agent'
  const objects = `# For the ServiceMonitor only: no address of its own, one endpoint a node.
apiVersion: v1
kind: Service
metadata:
  name: podwitness-agent
  namespace: ${namespace}
  labels:
    ${labels}
spec:
  clusterIP: None
  selector:
    ${labels}
  ports:
    - {name: metrics, port: 9273, targetPort: metrics}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: podwitness-agent
  namespace: ${namespace}
spec:
  selector:
    matchLabels:
      ${labels}
  endpoints:
    - {port: metrics, interval: 30s}
`
  return [shape.when('monitoring', objects)]
}

function service(namespace: string): string {
  return `# For agents. The page is not served to the network: kubectl -n ${namespace} port-forward statefulset/podwitness 7070
apiVersion: v1
kind: Service
metadata:
  name: podwitness
  namespace: ${namespace}
spec:
  selector:
    ${LABELS}
  ports:
    - {name: intake, port: 7273, targetPort: intake}`
}

function policy(namespace: string): string {
  return `# Agents and API servers may reach the intake; nobody reaches anything else.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: podwitness
  namespace: ${namespace}
spec:
  podSelector:
    matchLabels:
      ${LABELS}
  policyTypes: [Ingress]
  ingress:
    - ports:
        - {port: 7273, protocol: TCP}`
}

function statefulSet(shape: ManifestShape): string {
  const { namespace, serverImage, storage } = shape.values
  return `# A StatefulSet, for its promise: the old Pod is gone before the new one starts. One engine writes one folder.
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: podwitness
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: podwitness
    app.kubernetes.io/part-of: podwitness
spec:
  serviceName: podwitness
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: podwitness
  template:
    metadata:
      labels:
        app.kubernetes.io/name: podwitness
        app.kubernetes.io/part-of: podwitness
    spec:
      serviceAccountName: podwitness
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
${shape.field('pullSecrets', 6)}${shape.field('serverNodeSelector', 6)}${shape.field('serverAffinity', 6)}${shape.field('serverTolerations', 6)}      securityContext:
        # No privilege at all: it reads what is sent to it and writes its volume.
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        # A volume of many files is not walked through at each start.
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: server
          image: ${serverImage}
          args: [--data, /data, serve, --listen, "127.0.0.1:7070", --intake, "0.0.0.0:7273", --intake-name, "podwitness.${namespace}.svc"]
${shape.field('serverEnv', 10)}          ports:
            - {name: intake, containerPort: 7273}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - {name: data, mountPath: /data}
            # The engine's and Node's temporary files.
            - {name: tmp, mountPath: /tmp}
          # The page listens inside the Pod only, so the probe runs there too. The first start after a crash replays a log.
          startupProbe:
            exec:
              command: [node, -e, "fetch('http://127.0.0.1:7070/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
            periodSeconds: 10
            timeoutSeconds: 10
            failureThreshold: 60
          readinessProbe:
            exec:
              command: [node, -e, "fetch('http://127.0.0.1:7070/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
            periodSeconds: 15
            timeoutSeconds: 10
${shape.field('serverResources', 10)}      volumes:
        - name: tmp
          emptyDir: {sizeLimit: 2Gi}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: ${storage}`
}
