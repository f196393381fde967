import './metadata-reflection.ts'
import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509'

/** What a certificate may be used for. */
const SENDER_ROLES = ['node', 'apiserver'] as const
type SenderRole = (typeof SENDER_ROLES)[number]

/** Who a certificate of our authority names: the only source of node and cluster. */
export interface Sender {
  readonly role: SenderRole
  readonly cluster: string
  /** Empty for a kube-apiserver. */
  readonly node: string
  /** Stays the same over renewals. */
  readonly senderId: string
}

/** The name as it stands in a certificate (subject alternative name, URI). */
export function senderUri({ role, cluster, node, senderId }: Sender): string {
  return `podwitness://${role}/${[cluster, node, senderId].map(encodeURIComponent).join('/')}`
}

/**
 * Reads the sender out of a certificate that TLS has verified. The certificate is parsed anew, because Node's own
 * text form of alternative names has to be unquoted, and that went wrong before (CVE-2021-44532).
 */
export function senderOf(certificate: Uint8Array): Sender | null {
  try {
    const names =
      new X509Certificate(Uint8Array.from(certificate)).getExtension(SubjectAlternativeNameExtension)?.names.toJSON() ?? []
    for (const { type, value } of names) {
      const match = type === 'url' ? /^podwitness:\/\/(node|apiserver)\/([^/]*)\/([^/]*)\/([^/]+)$/.exec(value) : null
      if (match === null) continue
      const [, role, cluster = '', node = '', senderId = ''] = match
      return {
        role: role === 'node' ? 'node' : 'apiserver',
        cluster: decodeURIComponent(cluster),
        node: decodeURIComponent(node),
        senderId: decodeURIComponent(senderId),
      }
    }
  } catch {
    return null
  }
  return null
}
