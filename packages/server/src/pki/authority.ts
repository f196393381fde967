import './metadata-reflection.ts'
import { randomBytes, randomUUID, webcrypto } from 'node:crypto'
import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { type AuthorityFiles, authorityPath, readAuthorityFiles, trusted } from './authority-files.ts'
import { fileNameOf, IssuedAccount, type IssuedFact } from './issued-account.ts'
import { PkiError } from './pki-error.ts'
import { type Sender, senderUri } from './sender.ts'
import { writePrivate } from './write-private.ts'

x509.cryptoProvider.set(webcrypto)

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3650
const SERVER_DAYS = 90
/** Senders renew at two thirds of this. */
const SENDER_DAYS = 30
/** Clocks may differ by this much before a fresh certificate is refused, milliseconds. */
const SKEW_MS = 10 * 60_000

/** Key and certificates as TLS takes them, PEM. */
export interface ServerIdentity {
  readonly key: string
  /** The server's certificate and the authority's, so that who knows only its fingerprint can pin it. */
  readonly chain: string
  readonly notAfterMs: number
}

/** A certificate that was issued. */
export interface IssuedCertificate {
  readonly certificate: string
  readonly ca: string
  readonly senderId: string
  readonly notAfter: Date
}

/**
 * The server's own certificate authority, in a folder. It signs for itself and for senders. While it is being replaced,
 * the next one and former ones are trusted too; `rotate-authority.ts` has the steps.
 */
export class Authority {
  readonly #folder: string
  readonly #account: IssuedAccount
  #files: AuthorityFiles
  #certificate: x509.X509Certificate
  #key: webcrypto.CryptoKey

  /**
   * Opens the authority of a folder, or makes one.
   *
   * @throws PkiError PW-PK-001 where the folder cannot be used.
   */
  static async open(folder: string): Promise<Authority> {
    try {
      const path = authorityPath(folder)
      if (!existsSync(path)) writePrivate(path, await makeAuthority(), { fresh: true })
      const files = readAuthorityFiles(folder)
      const authority = new Authority(folder, files, await importKey(files.current.key))
      writePrivate(join(folder, 'ca.crt'), authority.certificate)
      return authority
    } catch (cause) {
      throw unusable(folder, cause)
    }
  }

  private constructor(folder: string, files: AuthorityFiles, key: webcrypto.CryptoKey) {
    this.#folder = folder
    this.#account = new IssuedAccount(join(folder, 'issued'))
    this.#files = files
    this.#key = key
    this.#certificate = new x509.X509Certificate(files.current.certificate)
  }

  /** What is trusted, PEM: the authority that signs first. */
  get certificate(): string {
    return trusted(this.#files)
      .map(({ certificate }) => certificate)
      .join('')
  }

  /** SHA-256 of the signing certificate's DER, hexadecimal: what a join token carries. */
  get fingerprint(): string {
    return this.#files.current.fingerprint
  }

  /** Of all that are trusted, the one that signs first. */
  get fingerprints(): string[] {
    return trusted(this.#files).map(({ fingerprint }) => fingerprint)
  }

  /** Reads the folder again, which the command line may have changed; whether it has. */
  async reload(): Promise<boolean> {
    const files = readAuthorityFiles(this.#folder)
    if (String(trusted(files).map(({ fingerprint }) => fingerprint)) === String(this.fingerprints)) return false
    this.#key = await importKey(files.current.key)
    this.#files = files
    this.#certificate = new x509.X509Certificate(files.current.certificate)
    writePrivate(join(this.#folder, 'ca.crt'), this.certificate)
    return true
  }

  /** A fresh key and certificate for the listener. @param names Host names and addresses it is reached by. */
  async serverIdentity(names: readonly string[]): Promise<ServerIdentity> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const notAfter = new Date(Date.now() + SERVER_DAYS * DAY_MS)
    const certificate = await this.#sign({
      subject: 'CN=podwitness intake',
      notAfter,
      publicKey: keys.publicKey,
      usage: x509.ExtendedKeyUsage.serverAuth,
      names: names.map((value) => (isIP(value) > 0 ? { type: 'ip', value } : { type: 'dns', value })),
    })
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
    return { key: `${key}\n`, chain: `${certificate}\n${this.#files.current.certificate}`, notAfterMs: notAfter.getTime() }
  }

  /**
   * Signs a sender's request. Of the request only its key is used; who it is for is the caller's to say.
   *
   * @param csr PKCS#10 (RFC 2986), PEM, ECDSA P-256/P-384 or Ed25519.
   * @throws PkiError PW-PK-002 where it cannot be read, is not signed by its own key, or has another kind of key.
   */
  async issue(
    csr: string,
    sender: Omit<Sender, 'senderId'> & { readonly senderId?: string },
    days = SENDER_DAYS,
  ): Promise<IssuedCertificate> {
    const publicKey = await requestedKey(csr)
    const senderId = sender.senderId ?? randomUUID()
    const notAfter = new Date(Date.now() + days * DAY_MS)
    const certificate = await this.#sign({
      subject: [{ CN: [`podwitness ${sender.role}`] }],
      notAfter,
      publicKey,
      usage: x509.ExtendedKeyUsage.clientAuth,
      names: [{ type: 'url', value: senderUri({ ...sender, senderId }) }],
    })
    this.#account.note({
      ...sender,
      senderId,
      issued: new Date().toISOString(),
      notAfter: notAfter.toISOString(),
      trusts: this.fingerprints,
    })
    return { certificate: `${certificate}\n`, ca: this.certificate, senderId, notAfter }
  }

  /** The newest certificate of every sender. */
  issued(): IssuedFact[] {
    return this.#account.list().map((fact) => ({ ...fact, revoked: this.isRevoked(fact.senderId) }))
  }

  /** Takes back every certificate of a sender, for good. */
  revoke(senderId: string): void {
    writePrivate(this.#revoked(senderId), `${new Date().toISOString()}\n`)
  }

  isRevoked(senderId: string): boolean {
    return existsSync(this.#revoked(senderId))
  }

  #revoked(senderId: string): string {
    return join(this.#folder, 'revoked', fileNameOf(senderId))
  }

  async #sign(wanted: {
    subject: x509.X509CertificateCreateParams['subject']
    notAfter: Date
    publicKey: x509.PublicKeyType
    usage: string
    names: { type: 'ip' | 'dns' | 'url'; value: string }[]
  }): Promise<string> {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      ...(wanted.subject === undefined ? {} : { subject: wanted.subject }),
      issuer: this.#certificate.subject,
      notBefore: new Date(Date.now() - SKEW_MS),
      notAfter: wanted.notAfter,
      signingAlgorithm: ALGORITHM,
      publicKey: wanted.publicKey,
      signingKey: this.#key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([wanted.usage], false),
        new x509.SubjectAlternativeNameExtension(wanted.names, false),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate, false),
      ],
    })
    return certificate.toString('pem')
  }
}

/** A new authority: certificate and key, PEM. */
export async function makeAuthority(): Promise<string> {
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [`podwitness authority ${randomBytes(4).toString('hex')}`] }],
    notBefore: new Date(Date.now() - SKEW_MS),
    notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return `${certificate.toString('pem')}\n${key}\n`
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return (await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, false, [
    'sign',
  ])) as webcrypto.CryptoKey
}

/** 16 random octets, positive (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01
  return bytes.toString('hex')
}

async function requestedKey(csr: string): Promise<x509.PublicKey> {
  try {
    const request = new x509.Pkcs10CertificateRequest(csr)
    const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string }
    const accepted = name === 'Ed25519' || (name === 'ECDSA' && ['P-256', 'P-384'].includes(namedCurve ?? ''))
    if (accepted && (await request.verify())) return request.publicKey
    throw new Error(accepted ? 'its signature is not by its own key' : `its key is ${name} ${namedCurve ?? ''}`)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PkiError(
      'PW-PK-002',
      {
        what: 'The signing request cannot be used.',
        why: `${why}.`,
        do: 'Send a PKCS#10 request in PEM with an ECDSA P-256 or Ed25519 key.',
      },
      { cause },
    )
  }
}

function unusable(folder: string, cause: unknown): PkiError {
  return new PkiError(
    'PW-PK-001',
    {
      what: `The certificate authority in ${folder} cannot be used.`,
      why: cause instanceof Error ? cause.message : String(cause),
      do: 'Check that the folder may be read and written; restore `authority.pem` from a backup where it is damaged.',
    },
    { cause },
  )
}
