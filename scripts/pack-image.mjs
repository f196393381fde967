// Packs a root file system as an image, without a container engine: an OCI archive that `ctr images import`, `podman load`
// and `skopeo copy oci-archive:` take. The same folder gives the same bytes.
// Usage: node scripts/pack-image.mjs FOLDER ARCHIVE --name REFERENCE [--role agent|server]
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, requireNode } from './run-step.mjs'

const ENV = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'NODE_ENV=production']
/** The C library's. Source: mallopt(3). */
const AGENT_MEMORY = ['MALLOC_ARENA_MAX=1', 'MALLOC_MMAP_THRESHOLD_=131072']

/** As in deploy/images. Source: OCI image specification 1.1, config.md. */
const ROLES = {
  agent: { Entrypoint: ['podwitness'], Cmd: ['agent', '--help'], WorkingDir: '/', Env: [...ENV, ...AGENT_MEMORY] },
  server: {
    Entrypoint: ['podwitness'],
    Cmd: ['--data', '/data', 'serve'],
    WorkingDir: '/',
    User: '10001:10001',
    Volumes: { '/data': {} },
  },
}
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }
/** Everything is as old as everything else: times would make each image another one. */
const SAME = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=posix']
const POSIX = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'

/**
 * Writes the archive; answers the digest of the image's manifest.
 *
 * @param {{ folder: string, archive: string, name: string, config?: object }} options
 */
export async function packImage({ folder, archive, name, config = ROLES.agent }) {
  const work = mkdtempSync(join(tmpdir(), 'podwitness-image-'))
  try {
    const blobs = join(work, 'blobs/sha256')
    mkdirSync(blobs, { recursive: true })
    const tar = join(work, 'layer')
    execFileSync('tar', [...SAME, POSIX, '-C', folder, '-cf', tar, '.'])
    const diff = await digestOf(tar)
    execFileSync('gzip', ['-n', '-3', tar])
    const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...(await keep(`${tar}.gz`, blobs)) }
    const platform = { architecture: ARCHITECTURES[process.arch] ?? process.arch, os: 'linux' }
    const settings = { Env: ENV, ...config, Labels: { 'org.opencontainers.image.title': 'podwitness', ...versionLabel() } }
    const image = { ...platform, config: settings, rootfs: { type: 'layers', diff_ids: [diff] }, history: [{ created_by: name }] }
    const described = { mediaType: 'application/vnd.oci.image.config.v1+json', ...keepJson(image, work, blobs) }
    const media = 'application/vnd.oci.image.manifest.v1+json'
    const manifest = keepJson({ schemaVersion: 2, mediaType: media, config: described, layers: [layer] }, work, blobs)
    const annotations = { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name.split(':').at(-1) }
    const index = { schemaVersion: 2, manifests: [{ mediaType: media, ...manifest, platform, annotations }] }
    writeFileSync(join(work, 'index.json'), JSON.stringify(index))
    writeFileSync(join(work, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    execFileSync('tar', [...SAME, POSIX, '-C', work, '-cf', archive, 'oci-layout', 'index.json', 'blobs'])
    return manifest.digest
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function versionLabel() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8'))
  return { 'org.opencontainers.image.version': version }
}

async function digestOf(path) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return `sha256:${hash.digest('hex')}`
}

/** Moves a file to its place among the blobs; answers what points to it. */
async function keep(path, blobs) {
  const digest = await digestOf(path)
  const { size } = statSync(path)
  renameSync(path, join(blobs, digest.slice('sha256:'.length)))
  return { digest, size }
}

function keepJson(value, work, blobs) {
  const text = JSON.stringify(value)
  const hash = createHash('sha256').update(text).digest('hex')
  const path = join(work, 'json')
  writeFileSync(path, text)
  renameSync(path, join(blobs, hash))
  return { digest: `sha256:${hash}`, size: Buffer.byteLength(text) }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  requireNode()
  const [folder, archive, ...options] = process.argv.slice(2)
  const option = (name) => (options.includes(name) ? options[options.indexOf(name) + 1] : undefined)
  const role = option('--role') ?? 'agent'
  const name = option('--name')
  if (folder === undefined || archive === undefined || name === undefined || !(role in ROLES)) {
    process.stderr.write('Usage: node scripts/pack-image.mjs FOLDER ARCHIVE --name REFERENCE [--role agent|server]\n')
    process.exit(2)
  }
  process.stderr.write(`${await packImage({ folder, archive, name, config: ROLES[role] })}\n`)
}
