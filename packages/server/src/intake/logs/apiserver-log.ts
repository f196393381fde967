import { isLegacyLine, readKubeEvent, readKubeLine } from '@podwitness/kube'
import { kubeRow } from '../../rows/kube-row.ts'
import { emptyParcel } from '../../rows/parcel.ts'
import { IntakeError } from '../intake-error.ts'
import type { IntakeParts } from '../intake-options.ts'
import { parseBounded } from '../json-bounds.ts'
import { linesOf } from '../lines-of.ts'
import { serverLoss } from '../server-loss.ts'
import { TailFile } from './tail-file.ts'

/** What tells the two forms of a line apart, bytes. */
const HEAD_BYTES = 64

/** Follows the file of a kube-apiserver's log back end (`--audit-log-path`, JSON lines or legacy text). @param folder Where positions are kept. */
export function tailApiserverLog(path: string, cluster: string, folder: string, { writer, rejects }: IntakeParts): TailFile {
  const refuse = (code: string, bytes: Buffer): void => {
    const text = bytes.subarray(0, 1024).toString('utf8')
    rejects.add({ source: 'apiserver-log', cluster, node: '', code, bytes: bytes.length, text })
  }
  return new TailFile(path, folder, {
    overlong: (bytes) => rejects.count('apiserver-log', 'line_too_long', bytes > 0 ? 1 : 0),
    store: async (lines) => {
      const parcel = emptyParcel({ key: '', cluster, node: '' })
      parcel.bytes = lines.length * 2
      const refused: { code: string }[] = []
      for (const bytes of linesOf(lines)) {
        const event = isLegacyLine(bytes.toString('latin1', 0, HEAD_BYTES))
          ? readKubeLine(bytes.toString('utf8'))
          : readKubeEvent(parseBounded(bytes))
        if (!('code' in event)) {
          parcel.events.push(kubeRow(event, bytes, cluster, 'apiserver-log'))
          continue
        }
        parcel.rejected++
        refused.push({ code: event.code })
        refuse(event.code, bytes)
      }
      if (parcel.rejected > 0) parcel.losses.push(serverLoss(parcel, refused))
      await writer.submit(parcel).catch((error: unknown) => {
        // What the store refuses for good would be read again for ever, and everything behind it never.
        if (!(error instanceof IntakeError && error.code === 'PW-IN-009')) throw error
        refuse(error.code, lines)
      })
    },
  })
}
