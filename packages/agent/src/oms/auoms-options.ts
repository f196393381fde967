import type { OmsNote } from './oms-note.ts'

type Answer = readonly [OmsNote['verdict'], string]

const SHAPE: Answer = [
  'needless',
  'shapes the message to an agent that was retired; columns and their names are chosen in queries',
]
const PLACE: Answer = ['needless', 'a path of auoms itself']
const ACK: Answer = ['needless', 'batches are acknowledged, always']
const LIMITS: Answer = ['by hand', 'resources.limits of the agent’s container']

/** Options of auoms.conf and outconf.d, and what has their place here. Source: auoms, Config and OutputConfig; reference of its options. */
export const AUOMS_OPTIONS: ReadonlyMap<string, Answer> = new Map([
  ...'data_dir run_dir input_socket_path status_socket_path rules_dir outconf_dir redact_dir auditd_path collector_path collector_config_path queue_dir save_dir lock_file proc_path'
    .split(' ')
    .map((name) => [name, PLACE] as const),
  ...'record_type_field_name record_type_name_field_name records_field_name record_text_field_name raw_text_field_name include_record_text_field include_full_raw_text process_flags_field_name field_suffix record_type_name_overrides field_name_overrides interpreted_field_names other_fields_mode other_fields_field_name additional_fields timestamp_field_name serial_field_name schema_version schema_version_field_name fluent_message_tag'
    .split(' ')
    .map((name) => [name, SHAPE] as const),
  ...['enable_ack_mode', 'ack_queue_size', 'ack_timeout'].map((name) => [name, ACK] as const),
  ...'rss_limit rss_pct_limit virt_limit cpu_soft_limit cpu_per_core_limit cpu_nice disable_cgroups'
    .split(' ')
    .map((name) => [name, LIMITS] as const),
  ['backlog_limit', ['by hand', 'a line -b NUMBER in a rule file']],
  ['backlog_wait_time', ['by hand', 'a line --backlog_wait_time NUMBER in a rule file']],
  ['use_syslog', ['needless', 'the agent’s own messages go to standard error, which the cluster’s logging takes']],
  ['disable_event_filtering', ['by hand', 'leave process_filters out']],
  ['queue_num_priorities', ['none', 'there are two lanes: program starts, logins and configuration before all else']],
  ['default_event_priority', ['none', 'the two lanes are fixed']],
  ['event_priority_by_syscall', ['none', 'the two lanes are fixed']],
  ['event_priority_by_record_type', ['none', 'the two lanes are fixed']],
  ['event_priority_by_record_type_category', ['none', 'the two lanes are fixed']],
  ['queue_max_file_data_size', ['needless', 'segments have 8 MiB']],
  ['queue_max_unsaved_files', ['needless', 'what is taken is on the disk']],
  ['queue_save_delay', ['needless', 'what is taken is on the disk']],
  ['filter_field_names', ['none', 'evidence is kept byte for byte; choose columns in queries']],
  ['field_filter_inclusive_mode', ['none', 'evidence is kept byte for byte; choose columns in queries']],
  ['always_filter_field_names', ['none', 'evidence is kept byte for byte; choose columns in queries']],
  ['filter_flags_mask', ['none', 'processes have no flags here; a process filter says what is left out']],
  ['aggregation_rules', ['none', 'events are kept one by one; leave them out with process_filters or count them in a query']],
])
