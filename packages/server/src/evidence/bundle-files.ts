import { createHash } from 'node:crypto'
import type { EvidenceBundle } from './bundle.ts'
import { evidencePage } from './evidence-page.ts'
import { verifyBundle } from './verify-bundle.ts'

/** A file of a bundle. */
export interface BundleFile {
  readonly name: string
  readonly content: string
}

/**
 * The files of a bundle: a page for people, the events for programs, a script that checks them with nothing but Node,
 * and a signed list of all files.
 *
 * @param sign Signs bytes with the ledger's key; base64.
 */
export function bundleFiles(bundle: EvidenceBundle, sign: (bytes: Uint8Array) => string): BundleFile[] {
  const { events, ...rest } = bundle
  const files: BundleFile[] = [
    { name: 'evidence.html', content: evidencePage(bundle) },
    { name: 'session.json', content: `${JSON.stringify(rest, null, 2)}\n` },
    { name: 'events.jsonl', content: events.map((event) => `${JSON.stringify(event)}\n`).join('') },
    { name: 'public-key.pem', content: bundle.publicKey },
    { name: 'verify.mjs', content: VERIFY_SCRIPT },
  ]
  const manifest = `${JSON.stringify({ format: bundle.format, session: bundle.session.traceId, made: bundle.made, sha256: sums(files) }, null, 2)}\n`
  return [
    ...files,
    { name: 'manifest.json', content: manifest },
    { name: 'manifest.sig', content: `${sign(Buffer.from(manifest))}\n` },
  ]
}

function sums(files: readonly BundleFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ name, content }) => [name, createHash('sha256').update(content).digest('hex')]))
}

/** Runs on Node 20 and newer, beside the bundle's files: `node verify.mjs [public key kept elsewhere]`. */
const VERIFY_SCRIPT = `// Checks this bundle: node verify.mjs [file of the public key, as it was kept elsewhere]
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const read = (name) => readFileSync(new URL(name, import.meta.url))
const publicKey = process.argv[2] === undefined ? read('public-key.pem').toString() : readFileSync(process.argv[2], 'utf8')
const manifest = read('manifest.json')
const signature = Buffer.from(read('manifest.sig').toString(), 'base64')
const problems = verify(null, manifest, createPublicKey(publicKey), signature) ? [] : ['manifest.json is not signed with this key']
for (const [name, sum] of Object.entries(JSON.parse(manifest).sha256))
  if (createHash('sha256').update(read(name)).digest('hex') !== sum) problems.push(name + ' is not the file that was signed')
const events = read('events.jsonl').toString().trimEnd().split('\\n').filter(Boolean).map((line) => JSON.parse(line))
const verdict = await verifyBundle({ ...JSON.parse(read('session.json')), events, publicKey })
problems.push(...verdict.badEntries.map((name) => 'ledger entry ' + name + ' is not what was signed'))
problems.push(...verdict.unproven.map((id) => 'event ' + id + ' is in no signed batch'))
if (!verdict.signaturesChecked) problems.push('this program cannot check ed25519 signatures')
for (const problem of problems) console.log('alarm  ' + problem)
console.log(problems.length === 0 ? 'intact  ' + verdict.events + ' events, each in a signed batch' : 'not intact')
process.exitCode = problems.length === 0 ? 0 : 1

${verifyBundle.toString()}
`
