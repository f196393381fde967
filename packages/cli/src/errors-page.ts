import { errorTable } from './error-table.ts'

/** The page docs/reference/errors.md: every code with an anchor of its own. */
export function errorsPage(): string {
  const parts = Object.entries(errorTable).map(
    ([code, { title, why, todo, exit }]) => `## ${code}\n\n**${title}.** ${why}\n\nDo: ${todo} (exit code ${exit})\n`,
  )
  return `# Error codes\n\nEvery failure of podwitness has a code that stays the same. \`podwitness explain CODE\` says the same without a network. Exit codes: 0 ok, 1 found problems, 2 usage, 3 cannot reach, 4 no permission, 130 interrupted.\n\n${parts.join('\n')}`
}
