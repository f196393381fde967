import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A new key and the request for a certificate of it. */
export interface CertificateRequest {
  /** PKCS#8, PEM. Never leaves this machine. */
  readonly key: string
  /** PKCS#10, PEM. */
  readonly csr: string
}

/** Object identifiers, DER-encoded. Sources: RFC 5280 §A.1 (commonName 2.5.4.3), RFC 5758 §3.2 (ecdsa-with-SHA256). */
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')

/** Makes a P-256 key and a request that names the node. Source of the shape: RFC 2986 §4. */
export function requestCertificate(commonName: string): CertificateRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { key, csr: pem('CERTIFICATE REQUEST', request(commonName, privateKey, publicKey)) }
}

function request(commonName: string, privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const name = sequence(set(sequence(COMMON_NAME, value(0x0c, Buffer.from(commonName, 'utf8').subarray(0, 64)))))
  const information = sequence(
    value(0x02, Buffer.from([0])),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    value(0xa0, Buffer.alloc(0)),
  )
  const signature = sign('sha256', information, privateKey)
  return sequence(information, sequence(ECDSA_WITH_SHA256), value(0x03, Buffer.concat([Buffer.from([0]), signature])))
}

const sequence = (...parts: readonly Buffer[]): Buffer => value(0x30, Buffer.concat(parts))
const set = (...parts: readonly Buffer[]): Buffer => value(0x31, Buffer.concat(parts))

/** Tag, length, content. Source: ITU-T X.690 §8.1. */
function value(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function pem(label: string, der: Buffer): string {
  const body = der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`
}
