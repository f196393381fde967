import type { Terminal } from '../src/terminal.ts'

/** What a command wrote. */
export interface Recorded {
  data: string
  talk: string
}

/** A terminal for tests: keeps what is written, no screen, no environment of its own. */
export function testTerminal(given: Partial<Terminal> = {}): { terminal: Terminal; recorded: Recorded } {
  const recorded: Recorded = { data: '', talk: '' }
  const terminal: Terminal = {
    write: async (data) => {
      recorded.data += typeof data === 'string' ? data : Buffer.from(data).toString('utf8')
    },
    say: (text) => {
      recorded.talk += `${text}\n`
    },
    redraw: () => {},
    input: async function* () {},
    signal: new AbortController().signal,
    env: {},
    live: false,
    screen: false,
    columns: 100,
    ...given,
  }
  return { terminal, recorded }
}
