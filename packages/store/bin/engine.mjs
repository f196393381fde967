/**
 * The embedded engine: a process of its own that runs ClickHouse out of libchdb and listens on loopback HTTP.
 *
 * Plain JavaScript, so that the same file runs from `dist` and from the sources.
 * Arguments: LIBRARY CONFIG DATA_PATH HTTP_PORT [TCP_PORT]: engines of a cluster speak to each other over the last. File descriptor 3 is a pipe whose other end the parent holds: its end
 * is the parent's end, whatever killed it, and this process goes too.
 */
import { Socket } from 'node:net'
import { DataType, isNullPointer, load, open, restorePointer, wrapPointer } from 'ffi-rs'

const [libraryPath, configPath, dataPath, httpPort, tcpPort] = process.argv.slice(2)
const parent = process.ppid

// Nothing acknowledged is lost by SIGKILL (every insert is synced), and nothing in the engine can delay it.
const die = () => process.kill(process.pid, 'SIGKILL')
new Socket({ fd: 3 }).on('end', die).on('close', die).on('error', die).resume()
setInterval(() => process.ppid !== parent && die(), 1000)

// Signals to the whole group (Ctrl-C, a service manager's stop) are the parent's to answer: it may still be writing.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

// The keep-alive statement: the engine serves as long as it runs, and KILL QUERY on it is the clean stop.
const listen = `SYSTEM START LISTEN HTTP; ${tcpPort === undefined ? '' : 'SYSTEM START LISTEN TCP; '}`
const serve =
  listen +
  'SELECT sleepEachRow(0.3) FROM system.numbers FORMAT Null SETTINGS max_block_size=1, max_threads=1, max_execution_time=0'
const argv = ['clickhouse-local', '--config-file', configPath, '--path', dataPath]
argv.push('--http_port', httpPort, '--listen_host', '127.0.0.1')
if (tcpPort !== undefined) argv.push('--tcp_port', tcpPort)
argv.push('--query', serve)

open({ library: 'chdb', path: libraryPath })
// With the engine's own handlers a crash leaves a process that is alive and dead at once.
load({
  library: 'chdb',
  funcName: 'chdb_set_signal_handlers_enabled',
  retType: DataType.Void,
  paramsType: [DataType.Boolean],
  paramsValue: [false],
})
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
  runInNewThread: true,
}).then(
  (result) => {
    // Not every reason is printed: some come back with the result. The pointer is null where there is none.
    const reason = load({
      library: 'chdb',
      funcName: 'chdb_result_error',
      retType: DataType.External,
      paramsType: [DataType.External],
      paramsValue: [result],
    })
    if (isNullPointer(reason)) process.exit(0)
    const [message = ''] = restorePointer({ retType: [DataType.String], paramsValue: wrapPointer([reason]) })
    process.stderr.write(`${message.split(', Stack trace')[0]}\n`, () => process.exit(1))
  },
  (error) => {
    process.stderr.write(`${error}\n`)
    process.exit(1)
  },
)
