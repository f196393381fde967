import type { ChannelType } from '../channel.ts'
import { alertmanager } from './alertmanager.ts'
import { dingTalk } from './ding-talk.ts'
import { email } from './email.ts'
import { feishu } from './feishu.ts'
import { pagerDuty } from './pager-duty.ts'
import { slack } from './slack.ts'
import { smsAliyun } from './sms-aliyun.ts'
import { smsTwilio } from './sms-twilio.ts'
import { teams } from './teams.ts'
import { weCom } from './we-com.ts'
import { webhook } from './webhook.ts'

/** Every kind of channel, by the name a set-up gives it. */
export const CHANNEL_TYPES: Readonly<Record<string, ChannelType>> = Object.fromEntries(
  [dingTalk, feishu, weCom, slack, teams, email, smsAliyun, smsTwilio, pagerDuty, alertmanager, webhook].map((one) => [
    one.type,
    one,
  ]),
)
