import { ownerOf, type PodOwner, type SessionRow } from '@podwitness/event'
import { isRecord } from '@podwitness/kube'
import type { StoreReader } from '@podwitness/store'

/** The owner of a session's pod, out of the newest pod object that is known of it. A pod is known by its uid: names come again. */
export async function podOwner(
  reader: StoreReader,
  { cluster, pod_uid: uid }: Pick<SessionRow, 'cluster' | 'pod_uid'>,
): Promise<PodOwner | null> {
  if (uid === '') return null
  const sql = `SELECT object FROM audit.pods FINAL WHERE cluster = {cluster:String} AND pod_uid = {uid:String} LIMIT 1`
  const { rows } = await reader.query({ sql, params: { cluster, uid } })
  return ownerOfObject(String(rows[0]?.[0] ?? ''))
}

/** @param text A pod object, JSON; anything else has no owner. */
function ownerOfObject(text: string): PodOwner | null {
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch {
    return null
  }
  const metadata = isRecord(object) && isRecord(object.metadata) ? object.metadata : {}
  return ownerOf({
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
    ownerReferences: Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [],
    creationTimestamp: metadata.creationTimestamp,
  })
}

function texts(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : []
  return Object.fromEntries(entries.filter((each): each is [string, string] => typeof each[1] === 'string'))
}
