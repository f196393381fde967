import type { ManifestOptions } from './manifest-options.ts'

/** The server with its embedded engine: one Pod, one volume, reachable for agents only. */
export function serverObjects({ namespace, image }: ManifestOptions): string[] {
  const labels = 'app.kubernetes.io/name: podwitness'
  return [
    `# The server asks the Kubernetes API nothing: kube-apiserver sends it audit events. So there is no Role.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: podwitness
  namespace: ${namespace}
automountServiceAccountToken: false`,
    `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: podwitness-data
  namespace: ${namespace}
spec:
  # One engine writes one folder.
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 100Gi`,
    deployment(namespace, image.replace(/-agent(?=[:@]|$)/, '-server')),
    `# For agents. The page is not served to the network: kubectl -n ${namespace} port-forward deploy/podwitness 7070
apiVersion: v1
kind: Service
metadata:
  name: podwitness
  namespace: ${namespace}
spec:
  selector:
    ${labels}
  ports:
    - {name: intake, port: 7273, targetPort: intake}`,
    `# Agents may reach the intake; nobody reaches anything else.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: podwitness
  namespace: ${namespace}
spec:
  podSelector:
    matchLabels:
      ${labels}
  policyTypes: [Ingress]
  ingress:
    - ports:
        - {port: 7273, protocol: TCP}`,
  ]
}

function deployment(namespace: string, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: podwitness
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: podwitness
    app.kubernetes.io/part-of: podwitness
spec:
  replicas: 1
  # The volume has one writer: the old Pod ends before the new one starts. Agents spool meanwhile.
  strategy:
    type: Recreate
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
      securityContext:
        # No privilege at all: it reads what is sent to it and writes its volume.
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: server
          image: ${image}
          args: [--data, /data, serve, --listen, "127.0.0.1:7070", --intake, "0.0.0.0:7273", --intake-name, podwitness.${namespace}.svc]
          ports:
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
          # The page listens inside the Pod only, so the probe runs there too.
          readinessProbe:
            exec:
              command: [node, -e, "fetch('http://127.0.0.1:7070/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
            periodSeconds: 15
            timeoutSeconds: 10
          resources:
            requests: {cpu: 250m, memory: 1Gi}
            limits: {memory: 4Gi}
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: podwitness-data}
        - name: tmp
          emptyDir: {sizeLimit: 2Gi}`
}
