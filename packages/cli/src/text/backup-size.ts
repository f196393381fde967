import type { BackupManifest } from '@podwitness/store'

/** Bytes of all files of a backup. */
export const bytesOf = ({ files }: Pick<BackupManifest, 'files'>): number => files.reduce((sum, { bytes }) => sum + bytes, 0)
