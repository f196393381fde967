import { type AuditVersion, parseAuditVersion } from './audit-version.ts'

/**
 * Audit of each distribution's release, the newest release that is not newer than the node's counts. Sources: the
 * distributions' package lists (packages.debian.org, packages.ubuntu.com, Red Hat's and SUSE's release notes, the
 * spec files of Azure Linux). What was patched within a release does not change the forms of its files.
 */
const VERSIONS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  debian: [
    ['10', '2.8.4'],
    ['11', '3.0'],
    ['12', '3.0.9'],
    ['13', '4.0.2'],
  ],
  ubuntu: [
    ['18.04', '2.8.2'],
    ['20.04', '2.8.5'],
    ['22.04', '3.0.7'],
    ['24.04', '3.1.2'],
  ],
  rhel: [
    ['7', '2.8.5'],
    ['8', '3.0.7'],
    ['9.4', '3.1.2'],
    ['10', '4.0.3'],
  ],
  mariner: [['2.0', '3.0.6']],
  azurelinux: [['3.0', '3.1.2']],
  sles: [
    ['12', '2.8.1'],
    ['15', '2.8.5'],
    ['15.4', '3.0.6'],
  ],
  amzn: [
    ['2', '2.8.1'],
    ['2023', '3.0.6'],
  ],
}

/** Distributions that have the packages of another. */
const SAME_AS: Readonly<Record<string, string>> = {
  ...{ centos: 'rhel', rocky: 'rhel', almalinux: 'rhel', ol: 'rhel', alinux: 'rhel', sles_sap: 'sles', 'opensuse-leap': 'sles' },
}

/** The audit version that an installation would bring, as far as it is known: until then plugin files have its form. */
export function expectedVersion(distribution: string, release: string): AuditVersion | null {
  const same = SAME_AS[distribution] ?? distribution
  // Alibaba Cloud Linux 2 is of RHEL 7, and 3 of RHEL 8.
  const node = distribution === 'alinux' ? String(Number(release.split('.')[0]) + 5) : release
  const fits = (VERSIONS[same] ?? []).filter(([from]) => compare(from, node) <= 0)
  const version = fits.at(-1)?.[1]
  return version === undefined ? null : parseAuditVersion(version)
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number))
  for (let i = 0; i < 2; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
