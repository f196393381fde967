// Assembles the root file system of an image out of what is built: the command, its packages, their dependencies.
// Usage: node scripts/assemble-root.mjs FOLDER [--role agent|server] [--with-node]
//   --role agent   without the engine, which only servers run (the default)
//   --with-node    also this machine's node, its libraries and auditctl: then the folder runs under chroot, without a base image
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, requireNode } from './run-step.mjs'

/** Where everything is in the image. */
const APP = 'app'
/** What of a package of ours is needed to run it. */
const OWN_PARTS = ['package.json', 'dist', 'bin', 'rules', 'data', 'proto']
/** Files that no program reads. Folders are all kept: one that is called `doc` may be code. */
const UNREAD = /\.(?:map|md|markdown|d\.ts|d\.mts|d\.cts|tsbuildinfo)$/

/** Assembles into an empty folder; answers how many packages went in. */
export function assembleRoot(folder, { role = 'agent', withNode = false } = {}) {
  const app = join(folder, APP)
  mkdirSync(app, { recursive: true })
  const packages = neededPackages(join(ROOT, 'packages/cli'), role)
  for (const path of packages) copyPackage(path, app)
  if (role === 'server') cpSync(join(ROOT, 'packages/web/dist'), join(app, 'packages/web/dist'), { recursive: true })
  for (const part of ['usr/bin', 'tmp', 'etc', 'var/lib', 'proc']) mkdirSync(join(folder, part), { recursive: true })
  symlinkSync(`/${APP}/packages/cli/bin/podwitness.mjs`, join(folder, 'usr/bin/podwitness'))
  if (withNode) copyPrograms(folder)
  return packages.length
}

/** Folders of a package and of all it depends on when it runs, found as Node finds them. */
function neededPackages(start, role) {
  const found = new Set()
  const open = [start]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue
    found.add(path)
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const optional = Object.keys(manifest.optionalDependencies ?? {})
    const needed = Object.keys(manifest.dependencies ?? {}).filter((name) => !optional.includes(name))
    for (const name of needed) open.push(folderOf(name, path) ?? missing(name, path))
    // Natives of one platform each are optional dependencies of their package: what is installed is this platform's.
    if (role === 'server' || !isOwn(path)) open.push(...optional.flatMap((name) => folderOf(name, path) ?? []))
  }
  return [...found]
}

/** Whether a folder is a package of ours; what npm installs may be below one of them. */
function isOwn(path) {
  return dirname(path) === join(ROOT, 'packages')
}

/** Where a package finds another: in the nearest node_modules above it. */
function folderOf(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return realpathSync(path)
    if (at === dirname(at)) return undefined
  }
}

function missing(name, path) {
  throw new Error(`${relative(ROOT, path)} needs ${name}, which is not installed: run npm ci`)
}

function copyPackage(path, app) {
  const place = join(app, relative(ROOT, path))
  mkdirSync(place, { recursive: true })
  if (!isOwn(path)) {
    // Packages inside it are copied by themselves, where something needs them.
    const inner = (from) => from !== path && relative(path, from).startsWith('node_modules')
    cpSync(path, place, { recursive: true, filter: (from) => !inner(from) && !UNREAD.test(from.slice(path.length)) })
    return
  }
  for (const part of OWN_PARTS) {
    if (existsSync(join(path, part)))
      cpSync(join(path, part), join(place, part), { recursive: true, filter: (from) => !UNREAD.test(from.slice(path.length)) })
  }
  const { name } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  const link = join(app, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(relative(dirname(link), place), link)
}

/** Node, what finds it, chroot and nsenter to get to a node, auditctl, and every library they load. */
function copyPrograms(folder) {
  const programs = { '/usr/bin/node': process.execPath }
  for (const path of ['/usr/bin/env', '/usr/sbin/chroot', '/usr/bin/nsenter', '/usr/sbin/auditctl', '/usr/bin/true'])
    programs[path] = path
  for (const [place, path] of Object.entries(programs)) {
    if (!existsSync(path)) continue
    copyFile(path, join(folder, place))
    const libraries = execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/(?:=> )?(\/\S+) \(/g)
    for (const [, library] of libraries) copyFile(library, join(folder, library))
  }
  writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/sbin/nologin\n')
}

function copyFile(from, to) {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(realpathSync(from), to)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  requireNode()
  const [folder, ...options] = process.argv.slice(2)
  const role = options.includes('--role') ? options[options.indexOf('--role') + 1] : 'agent'
  if (folder === undefined || folder.startsWith('--') || !['agent', 'server'].includes(role)) {
    process.stderr.write('Usage: node scripts/assemble-root.mjs FOLDER [--role agent|server] [--with-node]\n')
    process.exit(2)
  }
  const count = assembleRoot(folder, { role, withNode: options.includes('--with-node') })
  process.stderr.write(`${count} packages in ${folder}\n`)
}
