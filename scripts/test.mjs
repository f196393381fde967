// Everything that must hold: types, lint, build, unit and integration tests, browser tests.
// The last line is `N passed, N failed`; each step that is no test suite counts as one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPage } from './build.mjs'
import { installIfNeeded } from './install.mjs'
import { requireNode, runStep, runTool } from './run-step.mjs'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const BROWSER_TESTS = 'tests/browser'
/** Tests against the real auditd and containerd of this machine: as root, one file after another. */
const LIVE_TESTS = 'tests/live'
/** Tests with disks and daemons of their own: as root, beside all others. */
const SYSTEM_TESTS = 'tests/system'
const isRoot = process.getuid?.() === 0
/** Debian packages the suites need, by a file each brings. The fonts have Chinese glyphs, without which half of a screenshot is boxes. */
const DEBIAN_PACKAGES = {
  chromium: CHROMIUM,
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  auditd: '/usr/sbin/auditctl',
  rsyslog: '/usr/sbin/rsyslogd',
  'rsyslog-openssl': '/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so',
  'rsyslog-gnutls': '/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so',
  libivykis0: '/usr/lib/x86_64-linux-gnu/libivykis.so.0',
  libnet1: '/usr/lib/x86_64-linux-gnu/libnet.so.1',
  libpcre3: '/lib/x86_64-linux-gnu/libpcre.so.3',
  libwrap0: '/usr/lib/x86_64-linux-gnu/libwrap.so.0',
  systemd: '/lib/systemd/systemd-journald',
  runc: '/usr/sbin/runc',
  'kubernetes-client': '/usr/bin/kubectl',
  containerd: '/usr/bin/containerd',
  zookeeper: '/usr/share/java/zookeeper.jar',
  python3: '/usr/bin/python3',
  'python3-fluent-logger': '/usr/lib/python3/dist-packages/fluent/sender.py',
}

/** Debian refuses a second system logger beside rsyslog: this one is only unpacked. The libraries it loads are above. */
const UNPACKED_PACKAGES = { 'syslog-ng-core': '/usr/local/lib/podwitness-tests/syslog-ng-core' }

const failures = []
let passed = 0
let failed = 0

requireNode()
await installIfNeeded()
await installPackages()
const reports = mkdtempSync(join(tmpdir(), 'podwitness-tests-'))
try {
  await check('types', () => runTool('typescript/bin/tsc', ['-b', 'tsconfig.json', 'tsconfig.tests.json']))
  await check('lint', () => runTool('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']))
  await check('nothing unused', () => runTool('knip/bin/knip.js', ['--no-config-hints']))
  await check('page build', () => buildPage())
  const elsewhere = [BROWSER_TESTS, LIVE_TESTS, ...(isRoot ? [] : [SYSTEM_TESTS])]
  await suite(
    'unit and integration',
    elsewhere.flatMap((folder) => ['--exclude', `${folder}/**`]),
  )
  if (!isRoot) skipped('system', 'it mounts disks of its own and needs root')
  await suite('browser', [BROWSER_TESTS])
  if (isRoot) await suite('live', [`${LIVE_TESTS}/`, '--no-file-parallelism'])
  else skipped('live', 'it changes the audit state of this machine and needs root')
} finally {
  rmSync(reports, { recursive: true, force: true })
}
if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(', ')}\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0

/** A step that passes or fails as a whole. */
async function check(name, work) {
  process.stdout.write(`\n${name}\n`)
  const code = await work()
  if (code === 0) passed++
  else fail(name)
}

/** A run of vitest, counted test by test. One that could not even load counts as a failure. */
async function suite(name, args) {
  process.stdout.write(`\n${name}\n`)
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  const code = await runTool('vitest/vitest.mjs', [
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const result = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  passed += result.numPassedTests
  failed += result.numFailedTests
  const left = result.numPendingTests + (result.numTodoTests ?? 0)
  if (left > 0) skipped(name, `${left} tests were left out`)
  if (result.numFailedTests > 0) failures.push(name)
  else if (code !== 0) fail(name)
}

function fail(name) {
  failed++
  failures.push(name)
}

/** Leaving out is allowed on a desk, not in continuous integration. */
function skipped(name, why) {
  process.stdout.write(`skipped: ${name}: ${why}\n`)
  if (process.env.CI === 'true') fail(`${name} (${why})`)
}

/** Installs what is missing where this is Debian and we may; otherwise the suites say what is missing. */
async function installPackages() {
  const [missing, packed] = missingPackages()
  if (missing.length + packed.length === 0) return
  const mayInstall = isRoot && spawnSync('apt-get', ['--version']).status === 0
  if (!mayInstall) {
    sayMissing()
    return
  }
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  await runStep('apt-get', ['update', '-qq'], quiet)
  if (missing.length > 0) await runStep('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
  for (const name of packed) unpackPackage(name, UNPACKED_PACKAGES[name])
  sayMissing()
}

function missingPackages() {
  return [DEBIAN_PACKAGES, UNPACKED_PACKAGES].map((paths) => Object.keys(paths).filter((name) => !existsSync(paths[name])))
}

/** Where nothing is missing, nothing is said. */
function sayMissing() {
  const missing = missingPackages().flat()
  if (missing.length === 0) return
  process.stderr.write(
    `Missing here: ${missing.join(', ')}. The suites that need them will fail: install them (Debian's names), or name the browser with CHROMIUM_PATH.\n`,
  )
}

/** Puts a package's files into a folder, without installing it. */
function unpackPackage(name, folder) {
  const own = mkdtempSync(join(tmpdir(), 'podwitness-package-'))
  try {
    spawnSync('apt-get', ['download', '-qq', name], { cwd: own, stdio: 'ignore' })
    for (const file of readdirSync(own)) spawnSync('dpkg', ['-x', join(own, file), folder], { stdio: 'inherit' })
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
