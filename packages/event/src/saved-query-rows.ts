/** A query somebody saved, as it was last saved; `spec` is JSON. The newest version counts. */
export interface SavedQueryRow {
  id: string
  owner: string
  spec: string
  changed: string
  version: string
  is_deleted: 0 | 1
}
