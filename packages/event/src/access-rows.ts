/** A user, token, sign-in or link as it was last saved; `spec` is JSON without any secret in clear. The newest version counts. */
export interface AccessObjectRow {
  kind: string
  id: string
  spec: string
  changed: string
  version: string
  is_deleted: 0 | 1
}
