// Writes docs/reference/{cli,config,errors,api}.md, and the lower parts of kql.md and sls.md, from the declarations in the code.
// Needs `npm run build` before it.
import { readFileSync, writeFileSync } from 'node:fs'
import { commandReference, configPage, errorsPage, routesPage } from '../packages/cli/dist/index.js'
import { kqlSupportPage, slsSupportPage } from '../packages/query/dist/index.js'
import { ROOT } from './run-step.mjs'

const pages = { cli: await commandReference(), config: configPage(), errors: errorsPage(), api: routesPage() }
for (const [name, text] of Object.entries(pages)) writeFileSync(`${ROOT}docs/reference/${name}.md`, text)

for (const [name, heading, part] of [
  ['kql', '**Operators**', kqlSupportPage()],
  ['sls', '## Functions', slsSupportPage()],
]) {
  const path = `${ROOT}docs/reference/${name}.md`
  const page = readFileSync(path, 'utf8')
  writeFileSync(path, `${page.slice(0, page.indexOf(heading))}${part}\n`)
}
