import { counted, number, type TextEntries } from './text-entry.ts'

/** Texts of the first tour and of the steps to one's own cluster. */
export const tourTexts = {
  tour: { en: 'Tour of the recording', zh: '示例数据导览' },
  closeTour: { en: 'Close the tour', zh: '关闭导览' },
  keyCloseTour: { en: 'Close the tour', zh: '关闭导览' },
  tourAgain: { en: 'Show the tour of the recording again', zh: '再次显示示例数据导览' },
  tourWho: { en: 'Who left a container?', zh: '谁逃出了容器？' },
  tourWhoHow: {
    en: 'The search looked through the commands of all sessions. Each row says who it was, and how sure that is.',
    zh: '已在全部会话的命令中搜索。每一行写明是谁，以及把握有多大。',
  },
  tourWhat: { en: 'What did they run?', zh: '执行了什么？' },
  tourWhatHow: {
    en: 'Every command in order; Space plays them. The key r shows the audit lines behind the selected one, as auditd wrote them.',
    zh: '命令按顺序列出，空格键播放。按 r 查看所选命令背后的审计日志原文。',
  },
  tourTold: { en: 'Be told next time', zh: '下次及时告警' },
  tourToldHow: {
    en: 'A rule made of one query. Ask what it would have done in this recording before you save it.',
    zh: '一条查询就是一条规则。保存前可先回放它在这份数据上的效果。',
  },
  tourOwn: { en: 'Now your cluster', zh: '接入自己的集群' },
  tourOwnHow: {
    en: 'The way to your own cluster; steps turn done as data arrives.',
    zh: '接入自己集群的步骤；数据到达后会自动标记完成。',
  },
  setUpOwn: { en: 'Set up', zh: '接入集群' },
  setUpLead: { en: 'From nothing to the first alert about your own cluster', zh: '从零开始，直到自己集群的第一条告警' },
  stepsDone: {
    en: (done: number, all: number) => `${number(done)} of ${counted(all, 'step')} done`,
    zh: (done: number, all: number) => `已完成 ${number(done)} / ${number(all)} 步`,
  },
  stepDone: { en: 'done', zh: '已完成' },
  stepUntested: { en: 'added, not tested', zh: '已添加，未测试' },
  stepWaiting: { en: 'waiting for data', zh: '等待数据' },
  stepOpen: { en: 'to do', zh: '待办' },
  stepIntake: { en: 'The server takes data in', zh: '服务接收数据' },
  stepIntakeHow: {
    en: 'Agents and API servers are on other machines: the server listens for them over TLS, with certificates of its own.',
    zh: '节点代理与 API 服务器位于其他主机：服务通过 TLS 接收，使用自己签发的证书。',
  },
  stepToken: { en: 'Nodes may join', zh: '允许节点加入' },
  stepTokenHow: {
    en: 'A node exchanges the token for a certificate of its own. Keep the token secret, and revoke it when all nodes have joined.',
    zh: '节点用令牌换取自己的证书。请妥善保管令牌，全部节点加入后将其吊销。',
  },
  stepAgents: { en: 'Agents report', zh: '节点代理上报' },
  stepAgentsHow: {
    en: 'A DaemonSet, with a reason beside every privilege. TOKEN is the text that the step before gave.',
    zh: '以 DaemonSet 部署，每项权限都注明理由。TOKEN 为上一步得到的令牌。',
  },
  stepRules: { en: 'Commands arrive: the rules are in force', zh: '命令已到达：审计规则生效' },
  stepRulesHow: {
    en: 'Agents report, and no program start came from any node within a day.',
    zh: '节点代理已上报，但一天内没有收到任何节点的命令执行记录。',
  },
  stepApiserver: { en: 'The API server sends its audit log', zh: 'API 服务器发送审计日志' },
  stepApiserverHow: {
    en: 'Without it no account can be named. The command prints policy, flags, mounts and the webhook file.',
    zh: '缺少它就无法确定账号。该命令输出审计策略、启动参数、挂载与 Webhook 配置。',
  },
  stepNamed: { en: 'A first session has a name', zh: '首个会话已确定账号' },
  stepNamedHow: { en: 'Enter a container yourself, and see your own name.', zh: '自己进入一次容器，即可看到自己的账号。' },
  stepChannel: { en: 'Somebody is told', zh: '告警有人接收' },
  stepChannelHow: {
    en: 'Add a channel and send a test message. Rules that ship name no channel: add it to those that matter to you.',
    zh: '添加通知渠道并发送测试通知。内置规则未指定渠道，请为关注的规则添加。',
  },
} as const satisfies TextEntries
