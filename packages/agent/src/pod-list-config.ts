/** Where the pods of a node are asked for: kubelet, the API server, or a file where one is named. */
export interface PodListConfig {
  readonly url: string
  /** What is asked for there. */
  readonly path: string
  /** Whether changes are followed; kubelet has no watch. */
  readonly watched: boolean
  /** Whether the certificate must be for the name that was called; kubelets' are for their nodes'. */
  readonly checkName: boolean
  readonly tokenFile: string
  readonly ca: string
  readonly file: string
}
