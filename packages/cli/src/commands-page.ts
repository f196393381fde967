import type { Command, Option } from 'commander'

/** The page docs/reference/cli.md, from the program's own declarations. */
export function commandsPage(program: Command): string {
  const head = [
    '# Command line',
    '',
    'Data goes to standard output, talk to standard error. Exit codes: 0 ok, 1 found problems, 2 usage, 3 cannot reach, 4 no permission, 130 interrupted. A reader that goes away (`| head`) is no error. Times without a zone are in this machine’s zone; an age (`30m`, `24h`, `7d`) counts back from now. Control characters of recorded text are shown as `\\x1b`.',
    '',
    'Data is looked for in `--data`, else in the folder that `PODWITNESS_DATA` names, else in `podwitness` in the user’s data folder (`XDG_DATA_HOME`, `~/.local/share`). `podwitness demo` uses `.podwitness` in the clone.',
    '',
    ...optionLines('Options of every command', program.options),
  ]
  return `${[...head, ...program.commands.flatMap((command) => commandLines(command, 'podwitness'))].join('\n').trimEnd()}\n`
}

function commandLines(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`
  const takes = command.registeredArguments.map((argument) => {
    const word = argument.variadic ? `${argument.name()}…` : argument.name()
    return argument.required ? ` <${word}>` : ` [${word}]`
  })
  return [
    `## ${name}${takes.join('')}`,
    '',
    `${command.description()}.`,
    '',
    ...command.registeredArguments.map((argument) => `- \`${argument.name()}\`: ${argument.description}`),
    ...(command.registeredArguments.length > 0 ? [''] : []),
    ...(command.options.length > 0 ? optionLines('', command.options) : []),
    ...command.commands.flatMap((inner) => commandLines(inner, name)),
  ]
}

function optionLines(title: string, options: readonly Option[]): string[] {
  const rows = options.map(({ flags, description, argChoices }) => {
    const choices = argChoices === undefined || description.includes(argChoices.join(', ')) ? '' : ` (${argChoices.join(', ')})`
    return `| \`${flags}\` | ${description}${choices} |`
  })
  return [...(title === '' ? [] : [`${title}:`, '']), '| option | meaning |', '|---|---|', ...rows, '']
}
