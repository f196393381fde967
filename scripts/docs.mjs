// Writes docs/reference/{cli,errors,api}.md from the declarations in the code. Needs `npm run build` before it.
import { writeFileSync } from 'node:fs'
import { commandReference, errorsPage, routesPage } from '../packages/cli/dist/index.js'
import { ROOT } from './run-step.mjs'

const pages = { cli: await commandReference(), errors: errorsPage(), api: routesPage() }
for (const [name, text] of Object.entries(pages)) writeFileSync(`${ROOT}docs/reference/${name}.md`, text)
