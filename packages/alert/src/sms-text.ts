import type { Message } from './channel.ts'

/** One message of 70 characters where a sign is outside the 7-bit alphabet, of 160 otherwise. Source: 3GPP TS 23.038. */
export function smsText({ summary }: Pick<Message, 'summary'>): string {
  const max = /[^\x20-\x7e]/.test(summary) ? 70 : 160
  const signs = [...summary]
  return summary.length <= max
    ? summary
    : `${signs
        .slice(0, max - 1)
        .join('')
        .slice(0, max - 1)}…`.slice(0, max)
}
