import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { markdownText, safeText } from '../safe-text.ts'
import { checkTemplate, repairTemplate } from './check-template.ts'
import { renderTemplate, type TemplateData } from './render.ts'

const printed = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../testdata/${name}.printed.txt`, import.meta.url)), 'utf8')

const row = {
  clusterid: 'c76da730c08ca45adb90fad86fb',
  time: '2026-11-21T02:14:29Z',
  'k8s.user.aliuid': null,
  'k8s.user.username': 'alice@corp',
  'k8s.pod.namespace': 'prod',
  'k8s.pod.name': 'web-7c9f',
  'k8s.container.name': 'app',
  'kubeobject.operation.podexecoptions.container': 'app',
  'kubeobject.operation.podexecoptions.commandstr': 'bash',
  'process.cwd': '/srv',
  'process.cmdline': 'rm a.txt',
}

function data(more: Partial<TemplateData> = {}): TemplateData {
  return {
    ...{
      alertName: 'Kubernetes进入容器告警',
      alertTime: '2026-11-21 02:15:00 UTC',
      severity: '报告',
      alertId: 'a1',
      ruleId: 'r1',
    },
    ...{
      queryUrl: 'https://pw/alerts/a1',
      alertUrl: 'https://pw/rules/r1',
      reason: '',
      project: 'podwitness',
      count: 2,
      rows: [row],
    },
    ...{ labels: {}, ...more },
  }
}

const HEAD =
  '- 告警规则:Kubernetes进入容器告警 - 触发时间:2026-11-21 02:15:00 UTC - 告警严重度:报告 - 集群ID:c76da730c08ca45adb90fad86fb '
const ENTER = `${HEAD}有账号通过 kubectl exec或终端功能进入了容器,请检查是否存在异常。 操作次数:2 次,下面是其中一次操作的具体信息: - 操作时间:2026-11-21T02:14:29Z - 操作账号:alice@\u200bcorp - 命名空间:prod - Pod:web-7c9f - 容器:app - 命令:bash [[详情](https://pw/alerts/a1)] [[设置](https://pw/rules/r1)]`
const RUN = `${HEAD}有账号通过 kubectl exec或终端功能进入容器后执行了存在风险的程序命令,请检查是否存在异常。 操作次数:2 次,下面是其中一次操作的具体信息: - 操作时间:2026-11-21T02:14:29Z - 操作账号:alice@\u200bcorp - 命名空间:prod - Pod:web-7c9f - 容器:app - 操作目录:/srv - 执行的程序命令:rm a.txt [[详情](https://pw/alerts/a1)] [[设置](https://pw/rules/r1)]`

describe('the two printed templates', () => {
  it.each([
    ['enter', ENTER],
    ['run-danger-cmd', RUN],
  ])('%s renders word for word', (name, expected) => {
    expect(checkTemplate(printed(name))).toEqual([])
    expect(renderTemplate(printed(name), data(), markdownText)).toBe(expected)
  })

  it.each(['enter', 'run-danger-cmd'])('%s without its {%% endif %%} is found, and repaired to the same message', (name) => {
    const broken = printed(name).replace('{% endif -%} ', '')
    const column = broken.indexOf('{% if') + 1
    expect(checkTemplate(broken)).toEqual([
      {
        line: 1,
        column,
        message: '{% if %} is never closed: {% endif %} is missing.',
        hint: expect.stringContaining('repaired'),
      },
    ])
    expect(() => renderTemplate(broken, data(), markdownText)).toThrow(expect.objectContaining({ code: 'PW-AL-002' }))
    const repaired = repairTemplate(broken)
    expect(checkTemplate(repaired)).toEqual([])
    expect(renderTemplate(repaired, data(), markdownText)).toBe(renderTemplate(printed(name), data(), markdownText))
    const numbered = { ...row, 'k8s.user.aliuid': '1234' }
    expect(renderTemplate(repaired, data({ rows: [numbered] }), markdownText)).toContain('操作账号:1234')
  })
})

describe('dialect', () => {
  it.each([
    ['what is missing is empty', "[{{ alert.results[0].fire_result['nope'] }}{{ alert.results[9].x.y }}]", '[]'],
    ['an object is JSON', "{{ alert.results[0].fire_result['labels'] }}", '{"app":"web","n":1}'],
    ['case does not matter', "{{ alert.results[0].fire_result['labels'] }}{{ alert.results[0].fire_result['LABELS'] }}", /web/],
    ['null is empty', "[{{ alert.results[0].fire_result['none'] }}]", '[]'],
    ['a loop over all rows', '{% for r in alert.fire_results %}{{ r.none }}x{% endfor %}', 'x'],
    ['other dollars stay', 'costs ${5} and $x', 'costs ${5} and $x'],
    ['values are no templates', "{{ alert.results[0].fire_result['evil'] }}", '{{ 7*7 }}'],
  ])('%s', (_name, source, expected) => {
    const text = renderTemplate(
      source,
      data({ rows: [{ Labels: { app: 'web', n: 1 }, none: null, evil: '{{ 7*7 }}' }] }),
      (value) => value,
    )
    if (typeof expected === 'string') expect(text).toBe(expected)
    else expect(text).toMatch(expected)
  })

  it.each([
    ['an endless loop', '{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}'],
    ['a filter that does not exist', '{{ x|nofilter }}'],
    ['syntax', 'a\n{{ 1 + }}'],
    ['a closing of nothing', 'a {% endif %}'],
  ])('%s is an error, not a hang', (_name, source) => {
    expect(() => renderTemplate(source, data(), safeText)).toThrow(expect.objectContaining({ code: 'PW-AL-002' }))
  })

  it('a value of a megabyte is cut', () => {
    const text = renderTemplate(
      "{{ alert.results[0].fire_result['x'] }}",
      data({ rows: [{ x: 'a'.repeat(1_000_000) }] }),
      safeText,
    )
    expect(text).toMatch(/^a{300}… \(cut, \d+ characters\)$/)
  })

  it.each([
    ['text ${alert_nam}', { line: 1, column: 6, hint: 'Did you mean ${alert_name}?' }],
    ['a\n  {% for x in y %}', { line: 2, column: 3, message: '{% for %} is never closed: {% endfor %} is missing.' }],
    ['a\nb {{ 1 + }}', { line: 2 }],
  ])('names the place of the fault in %j', (source, place) => {
    expect(checkTemplate(source)).toEqual([expect.objectContaining(place)])
  })
})

it.each([
  ['[click](http://evil) @all', '\\[click\\](http\\[:\\]//evil) @\u200ball'],
  ['**bold** `code` <b>', '\\*\\*bold\\*\\* \\`code\\` \\<b\\>'],
  ['mysql --password=hunter2 -h db', 'mysql --password=\\*\\*\\* -h db'],
  ['curl -H "Authorization: Bearer abcdefghijk"', 'curl -H "Authorization: Bearer \\*\\*\\*"'],
  ['a\nb\u202ec\u0000', 'a b\ufffdc\ufffd'],
  ['web-7c9f_x kube-system', 'web-7c9f_x kube-system'],
])('hostile text %j is harmless in Markdown', (value, expected) => {
  expect(markdownText(value)).toBe(expected)
})
