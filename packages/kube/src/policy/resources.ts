/**
 * Resources of Kubernetes' own API groups, for finding misspelt ones and ones under the wrong group.
 * Source: the API reference of Kubernetes 1.34, https://kubernetes.io/docs/reference/kubernetes-api/.
 */
export const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  '': words(`bindings componentstatuses configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims
    persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services`),
  'admissionregistration.k8s.io': words(`mutatingwebhookconfigurations validatingwebhookconfigurations
    validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies mutatingadmissionpolicybindings`),
  'apiextensions.k8s.io': words('customresourcedefinitions'),
  'apiregistration.k8s.io': words('apiservices'),
  apps: words('controllerrevisions daemonsets deployments replicasets statefulsets'),
  'authentication.k8s.io': words('tokenreviews selfsubjectreviews'),
  'authorization.k8s.io': words(
    'localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews',
  ),
  autoscaling: words('horizontalpodautoscalers'),
  batch: words('cronjobs jobs'),
  'certificates.k8s.io': words('certificatesigningrequests clustertrustbundles podcertificaterequests'),
  'coordination.k8s.io': words('leases leasecandidates'),
  'discovery.k8s.io': words('endpointslices'),
  'events.k8s.io': words('events'),
  'flowcontrol.apiserver.k8s.io': words('flowschemas prioritylevelconfigurations'),
  'networking.k8s.io': words('ingressclasses ingresses ipaddresses networkpolicies servicecidrs'),
  'node.k8s.io': words('runtimeclasses'),
  policy: words('poddisruptionbudgets podsecuritypolicies'),
  'rbac.authorization.k8s.io': words('clusterrolebindings clusterroles rolebindings roles'),
  'resource.k8s.io': words('deviceclasses resourceclaims resourceclaimtemplates resourceslices devicetaintrules'),
  'scheduling.k8s.io': words('priorityclasses'),
  'storage.k8s.io': words('csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattributesclasses'),
}

/** Verbs of audit events: those of resources, and HTTP methods in small letters for other paths. Source: requestinfo.go. */
export const VERBS = words('get list watch create update patch delete deletecollection proxy head options post put connect trace')

function words(text: string): readonly string[] {
  return text.split(/\s+/)
}
