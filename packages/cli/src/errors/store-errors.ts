import { type ErrorEntries, entry } from './error-entry.ts'

/** Codes of the store. */
export const storeErrors: ErrorEntries = {
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
  'PW-ST-019': entry(
    1,
    'The ledger is damaged',
    'The last entry of a chain in the folder `ledger` of the data directory cannot be read, so nothing can be signed after it.',
    'Run `podwitness verify`, keep a copy of the folder, and restore the file from a backup.',
  ),
  'PW-ST-020': entry(
    3,
    'The server is too old',
    'podwitness needs ClickHouse 24.3 or newer: views that write with the rights of their owner.',
    'Use a newer version; `podwitness store verify --url URL` says what a server can do.',
  ),
  'PW-ST-021': entry(
    2,
    'The cluster is not as the address says',
    'The servers know no cluster of this name, an address is not one of it, a shard has no address, or a server has no macros.',
    'Compare the address with remote_servers and macros in the configuration of the servers.',
  ),
  'PW-ST-022': entry(
    3,
    'The cluster has no keeper',
    'Several servers are to hold the same rows, and one of them is not connected to a ClickHouse Keeper or ZooKeeper.',
    'Configure a keeper on every server, or use one server a shard.',
  ),
  'PW-ST-023': entry(
    3,
    'The server does not take a setting',
    'Without it an acknowledged row could be lost, or a repeated one be stored twice.',
    'Use a newer version, and an account whose profile may change the settings that the message names.',
  ),
}
