export { type ApplyOptions, applyNode } from './apply-node.ts'
export {
  type DesiredFile,
  type DesiredFolders,
  type DesiredState,
  foldersIn,
  possibleFolders,
  readDesiredState,
  stateOf,
} from './desired-state.ts'
export { examineAgent } from './examine-agent.ts'
export { examineNode } from './examine-node.ts'
export { type KeepOptions, keepNode } from './keep-node.ts'
export { type Entry, type Machine, openMachine, shellWord } from './machine.ts'
export type { NodeCheck } from './node-check.ts'
export { NodeError, type NodeProblem, problemText } from './node-error.ts'
export type { NodeFacts } from './node-facts.ts'
export { type NodeCondition, type NodeReport, reportOf } from './node-report.ts'
export { readSet, readState } from './node-state.ts'
export { type Asked, askedOf, NO_WISH, type NodeWish } from './node-wish.ts'
export { type NodePlan, type PlanStep, planNode } from './plan-node.ts'
export { socketPluginText } from './plugin-file.ts'
export { rollbackNode } from './rollback-node.ts'
export { packFiles, type RulePack, rulePacks } from './rule-packs.ts'
export { setupScript } from './setup-script.ts'
export { type NodeRequest, surveyNode } from './survey-node.ts'
export { FACILITIES, type Facility, syslogPluginText } from './syslog-plugin.ts'
export { type UninstallReport, uninstallNode } from './uninstall-node.ts'
