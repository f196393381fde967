/** Version of the audit package on a node. */
export interface AuditVersion {
  readonly text: string
  readonly major: number
  readonly minor: number
  readonly patch: number
}

/** Reads what `auditctl -v` prints: `auditctl version 3.0.9`. */
export function parseAuditVersion(text: string): AuditVersion | null {
  const match = /\b(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?/.exec(text)
  if (match === null) return null
  const [all, major, minor, patch] = match
  return { text: all, major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) }
}

/** Whether a version is `from` or newer, like `atLeast(version, 3, 1, 1)`. */
export function atLeast(version: AuditVersion, ...from: readonly [number, number?, number?]): boolean {
  const [major, minor = 0, patch = 0] = from
  if (version.major !== major) return version.major > major
  if (version.minor !== minor) return version.minor > minor
  return version.patch >= patch
}
