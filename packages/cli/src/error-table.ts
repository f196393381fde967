/** One error code as `explain` and the reference page tell it. */
export interface ErrorEntry {
  /** What happened, in general. */
  readonly title: string
  readonly why: string
  readonly todo: string
  /** Exit code of a command that ends with it: 1 found problems, 2 usage, 3 cannot reach, 4 no permission. */
  readonly exit: 1 | 2 | 3 | 4
}

const entry = (exit: ErrorEntry['exit'], title: string, why: string, todo: string): ErrorEntry => ({ title, why, todo, exit })

/** Every code of every package, in order. A test holds it against the sources. */
export const errorTable: Readonly<Record<string, ErrorEntry>> = {
  'PW-AP-001': entry(
    3,
    'The server does not answer',
    'The connection failed: no server listens there, or the network is down.',
    'Look whether `podwitness serve` still runs, then try again.',
  ),
  'PW-AP-002': entry(
    3,
    'The answer is not from podwitness',
    'Its body is not the JSON that the client expects; a proxy in between may have written it.',
    'Ask the server directly, without the proxy.',
  ),
  'PW-AP-003': entry(
    2,
    'The request is malformed',
    'A parameter or the body does not have the form that the route declares.',
    'Compare it with docs/reference/api.md.',
  ),
  'PW-AP-004': entry(2, 'There is no such path', 'No route of the HTTP API has it.', 'Look at docs/reference/api.md.'),
  'PW-AP-005': entry(
    1,
    'The server failed unexpectedly',
    'This is a fault in podwitness; what `podwitness serve` wrote to its terminal has the details.',
    'Report it with those lines.',
  ),
  'PW-AU-001': entry(
    4,
    'Nobody is signed in',
    'The request carries no valid cookie or token. Cookies end after 12 hours and when the server restarts.',
    'Open the address that `podwitness serve` printed, token included.',
  ),
  'PW-AU-002': entry(
    4,
    'The token is not right',
    'It is not the one in the file `token` of the data folder.',
    'Open the address that `podwitness serve` printed, token included.',
  ),
  'PW-AU-003': entry(
    4,
    'Too many failed attempts to sign in',
    'Several wrong tokens came from one address within a minute.',
    'Wait a minute.',
  ),
  'PW-AU-004': entry(
    4,
    'The request comes from elsewhere',
    'Its Host or Origin header names another site: the server refuses what a foreign page could have sent (DNS rebinding, request forgery).',
    'Open podwitness under the address it printed; behind a proxy, name it with --allow-host.',
  ),
  'PW-CL-001': entry(
    2,
    'The command line is wrong',
    'An option, argument or command is unknown or missing.',
    'Look at `podwitness help` or at --help of the command.',
  ),
  'PW-CL-002': entry(
    2,
    'A value does not fit its option',
    'The option takes other values: a time, a number, a word of a closed list.',
    'The message lists them; --help of the command does too.',
  ),
  'PW-CL-003': entry(
    2,
    'There is no such error code',
    'Codes have the form PW-ST-004.',
    'Run `podwitness explain` without a code for the list.',
  ),
  'PW-CL-004': entry(
    1,
    'There is no data',
    'The folder given with --data, or the default one, has never been written to.',
    'Import something (`podwitness import PATH…`), start the demo, or name another folder with --data.',
  ),
  'PW-CL-005': entry(
    1,
    'The session cannot be found',
    'No session has this id or begins with it, or several do.',
    'Copy the id from `podwitness sessions`; some more characters of it settle which one is meant.',
  ),
  'PW-CL-006': entry(
    1,
    'The recording of the demo is missing',
    'The folder recordings/dev belongs to the repository and was not found, or not whole.',
    'Start the demo from a clone of the repository, or import data of your own.',
  ),
  'PW-CL-009': entry(
    1,
    'podwitness failed unexpectedly',
    'This is a fault in podwitness.',
    'Report it with what the command printed.',
  ),
  'PW-DE-001': entry(
    1,
    'There is no audit record in the input',
    'No line has the form `type=… msg=audit(…): …`, with or without a node or syslog prefix.',
    'Give audit.log, a syslog file with audit lines, or the output of journalctl; each may be gzipped.',
  ),
  'PW-DE-002': entry(
    1,
    'The compressed data is damaged',
    'The gzip stream ends early or its checksum is wrong.',
    'Copy the file again. What came before the damage has been decoded.',
  ),
  'PW-DE-003': entry(
    1,
    'The file cannot be read',
    'It does not exist, is a folder, or this user may not read it.',
    'Check the path and its permissions.',
  ),
  'PW-DE-004': entry(
    2,
    'The rule file is too large',
    'It has more than 16 MiB; a rule file of auditd has some kilobytes.',
    'Give a file of /etc/audit/rules.d, or the output of auditctl -l.',
  ),
  'PW-EV-001': entry(
    1,
    'There is no such event',
    'It was never stored or has expired.',
    'Look for it in its session, or ask with `podwitness query`.',
  ),
  'PW-IM-001': entry(
    1,
    'The file is in no known format',
    'Its beginning is neither Linux audit lines nor JSON of a known shape. The name of a file does not matter.',
    'Give audit.log or syslog files, kube-apiserver audit logs, webhook EventLists, containers.jsonl or pod lists; each may be gzipped.',
  ),
  'PW-IM-002': entry(
    1,
    'The file cannot be read',
    'It does not exist, or this user may not read it.',
    'Check the path and its permissions.',
  ),
  'PW-IM-003': entry(
    1,
    'The compressed data is damaged',
    'The gzip stream ends early or its checksum is wrong. Nothing of the file was stored.',
    'Copy the file again, or import what can be read of it with --salvage.',
  ),
  'PW-IM-004': entry(
    1,
    'The JSON document is wrong',
    'It is cut off or does not have the shape of its kind. Nothing of the file was stored.',
    'Write the file again, for example with `kubectl get pods -A -o json`.',
  ),
  'PW-IM-005': entry(
    1,
    'There is nothing usable in the file',
    'Every line of it was rejected.',
    'The rejects file has each line with its number and reason.',
  ),
  'PW-IM-006': entry(
    1,
    'The import was stopped',
    'It was asked to stop.',
    'Run the same command again: it goes on where it stopped, and nothing is stored twice.',
  ),
  'PW-IM-007': entry(
    3,
    'Another import is running',
    'Two imports into one store at once would pair each other’s halves.',
    'Wait for the other one to end.',
  ),
  'PW-IM-008': entry(
    1,
    'The document is too large',
    'A JSON document is read whole, and this one is over the limit.',
    'Split it, for example by namespace.',
  ),
  'PW-QY-001': entry(
    2,
    'The query has a fault in its syntax',
    'A word, sign or bracket is missing or stands where it cannot; the message points at the place.',
    'Correct it there.',
  ),
  'PW-QY-002': entry(
    2,
    'The query names a column that does not exist',
    'Names are those of docs/reference/sls.md; the message has the closest one.',
    'Use the name that exists.',
  ),
  'PW-QY-003': entry(
    2,
    'The query calls a function that does not exist',
    'The function is unknown, or not supported yet; the message has the closest one.',
    'Use a function that docs/reference/sls.md lists.',
  ),
  'PW-QY-004': entry(
    2,
    'The query uses something that is not supported',
    'It is known, and refused rather than answered differently from what it means.',
    'Say it in another way: docs/reference/sls.md and docs/reference/kql.md list what there is.',
  ),
  'PW-QY-005': entry(
    2,
    'An argument does not fit',
    'Its type, number or value is not what the function or operator takes.',
    'Change it as the message says.',
  ),
  'PW-QY-006': entry(
    2,
    'The query does more than it may',
    'A question is one statement that reads; other statements and sources of rows are refused.',
    'Ask with one SELECT over the tables and views that docs/reference/query.md lists.',
  ),
  'PW-QY-007': entry(
    2,
    'The query is too large',
    'Its text is too long, or its brackets are nested too deeply.',
    'Ask in parts.',
  ),
  'PW-QY-008': entry(
    2,
    'The time range is wrong',
    'It ends before it begins, or an end of it is no time.',
    'Write times like 2026-11-21T02:00:00Z.',
  ),
  'PW-QY-009': entry(
    2,
    'The language is not available',
    'No query language has this name, or it was asked for where only another one can be answered.',
    'Ask in SLS, KQL or SQL: --lang sls, --lang kql, --lang sql.',
  ),
  'PW-SE-001': entry(
    1,
    'There is no such session',
    'It was never stored, has expired, or was worked out anew under another id when more evidence came.',
    'Look for it in the list of sessions.',
  ),
  'PW-ST-001': entry(
    3,
    'This platform has no embedded engine',
    'The engine is published for Linux on x86-64 and arm64 with glibc.',
    'Use a ClickHouse server: --store http://user:password@host:8123.',
  ),
  'PW-ST-002': entry(
    3,
    'The embedded engine is not installed',
    'The package that brings it is optional and was left out when podwitness was installed.',
    'Install again without --omit=optional, or use a ClickHouse server with --store.',
  ),
  'PW-ST-003': entry(
    4,
    'The data folder cannot be written',
    'This user may not write there, or the file system is read-only.',
    'Give another folder with --data, or give this user the right to write there.',
  ),
  'PW-ST-004': entry(
    3,
    'The data folder is held by another process',
    'One engine can have a folder open; another server or command has it.',
    'Wait for the process that the message names, or end it. Commands go through a running server by themselves.',
  ),
  'PW-ST-005': entry(
    3,
    'The engine did not start',
    'The message has the engine’s own words.',
    'Check free disk space and memory; `podwitness doctor` looks at both.',
  ),
  'PW-ST-006': entry(
    2,
    'The data was written by a newer version',
    'Its schema has a higher version than this podwitness knows.',
    'Use the newer podwitness.',
  ),
  'PW-ST-007': entry(
    1,
    'A migration of the data failed',
    'The engine refused a statement that brings the tables up to date; the message has its words.',
    'Free disk space if that is the reason, and start again; nothing is lost.',
  ),
  'PW-ST-010': entry(
    3,
    'The engine cannot be reached',
    'It does not run, is just being started again, or the address is wrong.',
    'Try again; with --store check address, port and network.',
  ),
  'PW-ST-011': entry(
    4,
    'The engine refused the user or the right',
    'The user or password of --store is wrong, or the query does more than reading.',
    'Check the account; questions are answered with a user that can only read.',
  ),
  'PW-ST-012': entry(
    1,
    'The disk is full',
    'The engine stops writing while there is still room to delete; reading goes on.',
    'Free space, or keep less with `podwitness retention --days N`.',
  ),
  'PW-ST-013': entry(2, 'The query is wrong', 'The engine says where; its words are in the message.', 'Correct it.'),
  'PW-ST-014': entry(
    1,
    'The query ran over its limit',
    'Questions have 30 seconds and a bound on memory, rows and bytes.',
    'Narrow the time with --from and --to, or ask for less.',
  ),
  'PW-ST-015': entry(1, 'The query was cancelled', 'It was asked to stop.', 'Run it again.'),
  'PW-ST-016': entry(
    1,
    'The rows were refused',
    'The engine could not take a row as it is; this is a fault in podwitness.',
    'Report it with the message.',
  ),
  'PW-ST-017': entry(1, 'The store is closed', 'The process is ending.', 'Start it again.'),
  'PW-ST-018': entry(
    1,
    'The engine answered with an error',
    'The message has its words.',
    'If they do not tell what to change, report them.',
  ),
  'PW-SV-001': entry(
    3,
    'The port is taken',
    'Another process listens there.',
    'Choose another with --listen; port 0 takes any free one.',
  ),
  'PW-SV-002': entry(
    2,
    'podwitness does not listen beyond this machine',
    'It speaks plain HTTP: token and evidence would cross the network readable.',
    'Listen on 127.0.0.1 behind a proxy with TLS, or say --allow-plain-http.',
  ),
  'PW-SV-003': entry(
    1,
    'The page is not built',
    'The folder packages/web/dist is missing, so that only the HTTP API answers.',
    'Run `npm run build`.',
  ),
  'PW-UI-001': entry(
    1,
    'The page failed unexpectedly',
    'This is a fault in the page; the browser’s console has the details.',
    'Load the page again, and report it if it comes back.',
  ),
}
