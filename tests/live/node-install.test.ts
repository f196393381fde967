import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { endAuditd, kernelRules, kernelSettings, temporaryFolder } from './node-lab.ts'

const PODWITNESS = `${process.execPath} ${join(import.meta.dirname, '../../packages/cli/bin/podwitness.mjs')}`
let folder: string
let before: { rules: string[]; settings: string[] }

beforeAll(async () => {
  await endAuditd()
  before = { rules: kernelRules(), settings: kernelSettings() }
  folder = temporaryFolder()
})

afterAll(async () => {
  await endAuditd()
  rmSync(folder, { recursive: true, force: true })
})

/** Makes a package file out of the installed auditd: its files, its scripts, its control fields. */
function packAuditd(): string {
  const [tree, packages] = [join(folder, 'tree'), join(folder, 'packages')]
  const script = `
    set -e
    mkdir -p ${tree}/DEBIAN ${packages}
    dpkg -L auditd | while read -r path; do
      if [ -d "$path" ]; then mkdir -p "${tree}$path"; elif [ -e "$path" ]; then cp -a --parents "$path" ${tree}; fi
    done
    cp /var/lib/dpkg/info/auditd.conffiles ${tree}/DEBIAN/conffiles
    for name in preinst postinst prerm postrm; do cp /var/lib/dpkg/info/auditd.$name ${tree}/DEBIAN/$name; done
    dpkg -s auditd | sed '/^Status:/d; /^Conffiles:/d; /^ \\/etc\\//d' > ${tree}/DEBIAN/control
    dpkg-deb -b ${tree} ${packages}/auditd.deb > /dev/null`
  execFileSync('sh', ['-c', script])
  return packages
}

/** A copy of this system in which nothing reaches the original: its files below a layer in memory, in mounts of its own. */
function inCopy(steps: string) {
  const script = join(folder, 'steps.sh')
  const root = join(folder, 'root')
  writeFileSync(
    script,
    `set -e
    mkdir -p ${folder}/layer ${root}
    mount -t tmpfs tmpfs ${folder}/layer
    mkdir ${folder}/layer/up ${folder}/layer/work
    mount -t overlay overlay -o lowerdir=/,upperdir=${folder}/layer/up,workdir=${folder}/layer/work ${root}
    for name in proc dev sys; do mount --rbind /$name ${root}/$name; done
    chroot ${root} dpkg --purge auditd > /dev/null 2>&1
    tree() { find ${root}/etc ${root}/var/lib/podwitness ${root}/usr/sbin -printf '%p %m %u:%g %l\\n' 2> /dev/null | sort; }
    set +e
    ${steps.replaceAll('ROOT', root)}`,
  )
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', script], { encoding: 'utf8', timeout: 50_000 })
  return { status, stderr, answers: stdout.split('\n').filter((line) => line !== '') }
}

it('installs auditd where it is missing, from package files, and takes it away again', () => {
  const packages = packAuditd()
  const { answers, stderr } = inCopy(`
    tree > ${folder}/before
    ${PODWITNESS} node status --root ROOT --json; echo $?
    ${PODWITNESS} node apply --root ROOT --no-install 2>&1 | grep -o PW-ND-004 | head -1
    ${PODWITNESS} node apply --root ROOT --packages ${packages} --json; echo $?
    chroot ROOT dpkg-query -W -f '$' auditd > /dev/null 2>&1 && echo installed
    ${PODWITNESS} node uninstall --root ROOT --json; echo $?
    chroot ROOT dpkg-query -W auditd > /dev/null 2>&1 || echo gone
    tree | diff ${folder}/before - && echo as found
  `)
  expect(stderr).toBe('')
  const [missing, one, refused, applied, zero, installed, undone, alsoZero, gone, asFound, ...rest] = answers
  expect(JSON.parse(missing ?? '')).toMatchObject({ condition: 'unavailable', kernel: null, node: { auditVersion: null } })
  expect([one, refused]).toEqual(['3', 'PW-ND-004'])
  expect(JSON.parse(applied ?? '')).toMatchObject({
    condition: 'in-force',
    taker: 'auditd',
    rules: { wanted: 2, inForce: 2 },
    problems: [],
  })
  expect([zero, installed]).toEqual(['0', 'installed'])
  expect(JSON.parse(undone ?? '')).toMatchObject({ rules: 2, packages: ['auditd'], stoppedAuditd: true })
  expect([alsoZero, gone, asFound, rest]).toEqual(['0', 'gone', 'as found', []])
  expect(kernelRules()).toEqual(before.rules)
  expect(kernelSettings()).toEqual(before.settings)
})
