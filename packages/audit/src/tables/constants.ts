// Made by scripts/generate-tables.mjs from linux-libc-dev 6.1.192-2; do not edit.

/** Constants of system calls as `number:word`, separated by blanks. */
export const CONSTANTS: Readonly<Record<string, string>> = {
  errno:
    '1:EPERM 2:ENOENT 3:ESRCH 4:EINTR 5:EIO 6:ENXIO 7:E2BIG 8:ENOEXEC 9:EBADF 10:ECHILD 11:EAGAIN 12:ENOMEM ' +
    '13:EACCES 14:EFAULT 15:ENOTBLK 16:EBUSY 17:EEXIST 18:EXDEV 19:ENODEV 20:ENOTDIR 21:EISDIR 22:EINVAL 23:ENFILE ' +
    '24:EMFILE 25:ENOTTY 26:ETXTBSY 27:EFBIG 28:ENOSPC 29:ESPIPE 30:EROFS 31:EMLINK 32:EPIPE 33:EDOM 34:ERANGE ' +
    '35:EDEADLK 36:ENAMETOOLONG 37:ENOLCK 38:ENOSYS 39:ENOTEMPTY 40:ELOOP 42:ENOMSG 43:EIDRM 44:ECHRNG 45:EL2NSYNC ' +
    '46:EL3HLT 47:EL3RST 48:ELNRNG 49:EUNATCH 50:ENOCSI 51:EL2HLT 52:EBADE 53:EBADR 54:EXFULL 55:ENOANO 56:EBADRQC ' +
    '57:EBADSLT 59:EBFONT 60:ENOSTR 61:ENODATA 62:ETIME 63:ENOSR 64:ENONET 65:ENOPKG 66:EREMOTE 67:ENOLINK 68:EADV ' +
    '69:ESRMNT 70:ECOMM 71:EPROTO 72:EMULTIHOP 73:EDOTDOT 74:EBADMSG 75:EOVERFLOW 76:ENOTUNIQ 77:EBADFD 78:EREMCHG ' +
    '79:ELIBACC 80:ELIBBAD 81:ELIBSCN 82:ELIBMAX 83:ELIBEXEC 84:EILSEQ 85:ERESTART 86:ESTRPIPE 87:EUSERS 88:ENOTSOCK ' +
    '89:EDESTADDRREQ 90:EMSGSIZE 91:EPROTOTYPE 92:ENOPROTOOPT 93:EPROTONOSUPPORT 94:ESOCKTNOSUPPORT 95:EOPNOTSUPP ' +
    '96:EPFNOSUPPORT 97:EAFNOSUPPORT 98:EADDRINUSE 99:EADDRNOTAVAIL 100:ENETDOWN 101:ENETUNREACH 102:ENETRESET ' +
    '103:ECONNABORTED 104:ECONNRESET 105:ENOBUFS 106:EISCONN 107:ENOTCONN 108:ESHUTDOWN 109:ETOOMANYREFS ' +
    '110:ETIMEDOUT 111:ECONNREFUSED 112:EHOSTDOWN 113:EHOSTUNREACH 114:EALREADY 115:EINPROGRESS 116:ESTALE ' +
    '117:EUCLEAN 118:ENOTNAM 119:ENAVAIL 120:EISNAM 121:EREMOTEIO 122:EDQUOT 123:ENOMEDIUM 124:EMEDIUMTYPE ' +
    '125:ECANCELED 126:ENOKEY 127:EKEYEXPIRED 128:EKEYREVOKED 129:EKEYREJECTED 130:EOWNERDEAD 131:ENOTRECOVERABLE ' +
    '132:ERFKILL 133:EHWPOISON',
  signal:
    '1:SIGHUP 2:SIGINT 3:SIGQUIT 4:SIGILL 5:SIGTRAP 6:SIGABRT 7:SIGBUS 8:SIGFPE 9:SIGKILL 10:SIGUSR1 11:SIGSEGV ' +
    '12:SIGUSR2 13:SIGPIPE 14:SIGALRM 15:SIGTERM 16:SIGSTKFLT 17:SIGCHLD 18:SIGCONT 19:SIGSTOP 20:SIGTSTP 21:SIGTTIN ' +
    '22:SIGTTOU 23:SIGURG 24:SIGXCPU 25:SIGXFSZ 26:SIGVTALRM 27:SIGPROF 28:SIGWINCH 29:SIGIO 30:SIGPWR 31:SIGSYS',
  capability:
    '0:chown 1:dac_override 2:dac_read_search 3:fowner 4:fsetid 5:kill 6:setgid 7:setuid 8:setpcap 9:linux_immutable ' +
    '10:net_bind_service 11:net_broadcast 12:net_admin 13:net_raw 14:ipc_lock 15:ipc_owner 16:sys_module ' +
    '17:sys_rawio 18:sys_chroot 19:sys_ptrace 20:sys_pacct 21:sys_admin 22:sys_boot 23:sys_nice 24:sys_resource ' +
    '25:sys_time 26:sys_tty_config 27:mknod 28:lease 29:audit_write 30:audit_control 31:setfcap 32:mac_override ' +
    '33:mac_admin 34:syslog 35:wake_alarm 36:block_suspend 37:audit_read 38:perfmon 39:bpf 40:checkpoint_restore',
  open:
    '0:O_RDONLY 1:O_WRONLY 2:O_RDWR 64:O_CREAT 128:O_EXCL 256:O_NOCTTY 512:O_TRUNC 1024:O_APPEND 2048:O_NONBLOCK ' +
    '4096:O_DSYNC 16384:O_DIRECT 32768:O_LARGEFILE 65536:O_DIRECTORY 131072:O_NOFOLLOW 262144:O_NOATIME ' +
    '524288:O_CLOEXEC 1048576:__O_SYNC 2097152:O_PATH 4194304:__O_TMPFILE',
  fcntl:
    '0:F_DUPFD 1:F_GETFD 2:F_SETFD 3:F_GETFL 4:F_SETFL 5:F_GETLK 6:F_SETLK 7:F_SETLKW 8:F_SETOWN 9:F_GETOWN ' +
    '10:F_SETSIG 11:F_GETSIG 12:F_GETLK64 13:F_SETLK64 14:F_SETLKW64 15:F_SETOWN_EX 16:F_GETOWN_EX ' +
    '17:F_GETOWNER_UIDS 36:F_OFD_GETLK 37:F_OFD_SETLK 38:F_OFD_SETLKW 1024:F_SETLEASE 1025:F_GETLEASE 1026:F_NOTIFY ' +
    '1029:F_CANCELLK 1030:F_DUPFD_CLOEXEC 1031:F_SETPIPE_SZ 1032:F_GETPIPE_SZ 1033:F_ADD_SEALS 1034:F_GET_SEALS ' +
    '1035:F_GET_RW_HINT 1036:F_SET_RW_HINT 1037:F_GET_FILE_RW_HINT 1038:F_SET_FILE_RW_HINT',
  prot: '1:PROT_READ 2:PROT_WRITE 4:PROT_EXEC 8:PROT_SEM 16777216:PROT_GROWSDOWN 33554432:PROT_GROWSUP',
  mmap:
    '1:MAP_SHARED 2:MAP_PRIVATE 3:MAP_SHARED_VALIDATE 16:MAP_FIXED 32:MAP_ANONYMOUS 256:MAP_GROWSDOWN ' +
    '2048:MAP_DENYWRITE 4096:MAP_EXECUTABLE 8192:MAP_LOCKED 16384:MAP_NORESERVE 32768:MAP_POPULATE ' +
    '65536:MAP_NONBLOCK 131072:MAP_STACK 262144:MAP_HUGETLB 524288:MAP_SYNC 1048576:MAP_FIXED_NOREPLACE',
  clone:
    '128:CLONE_NEWTIME 256:CLONE_VM 512:CLONE_FS 1024:CLONE_FILES 2048:CLONE_SIGHAND 4096:CLONE_PIDFD ' +
    '8192:CLONE_PTRACE 16384:CLONE_VFORK 32768:CLONE_PARENT 65536:CLONE_THREAD 131072:CLONE_NEWNS ' +
    '262144:CLONE_SYSVSEM 524288:CLONE_SETTLS 1048576:CLONE_PARENT_SETTID 2097152:CLONE_CHILD_CLEARTID ' +
    '4194304:CLONE_DETACHED 8388608:CLONE_UNTRACED 16777216:CLONE_CHILD_SETTID 33554432:CLONE_NEWCGROUP ' +
    '67108864:CLONE_NEWUTS 134217728:CLONE_NEWIPC 268435456:CLONE_NEWUSER 536870912:CLONE_NEWPID ' +
    '1073741824:CLONE_NEWNET 2147483648:CLONE_IO',
  mount:
    '1:MS_RDONLY 2:MS_NOSUID 4:MS_NODEV 8:MS_NOEXEC 16:MS_SYNCHRONOUS 32:MS_REMOUNT 64:MS_MANDLOCK 128:MS_DIRSYNC ' +
    '256:MS_NOSYMFOLLOW 1024:MS_NOATIME 2048:MS_NODIRATIME 4096:MS_BIND 8192:MS_MOVE 16384:MS_REC 32768:MS_SILENT ' +
    '65536:MS_POSIXACL 131072:MS_UNBINDABLE 262144:MS_PRIVATE 524288:MS_SLAVE 1048576:MS_SHARED 2097152:MS_RELATIME ' +
    '4194304:MS_KERNMOUNT 8388608:MS_I_VERSION 16777216:MS_STRICTATIME 33554432:MS_LAZYTIME',
  prctl:
    '0:PR_SET_VMA_ANON_NAME 1:PR_SET_PDEATHSIG 2:PR_GET_PDEATHSIG 3:PR_GET_DUMPABLE 4:PR_SET_DUMPABLE ' +
    '5:PR_GET_UNALIGN 6:PR_SET_UNALIGN 7:PR_GET_KEEPCAPS 8:PR_SET_KEEPCAPS 9:PR_GET_FPEMU 10:PR_SET_FPEMU ' +
    '11:PR_GET_FPEXC 12:PR_SET_FPEXC 13:PR_GET_TIMING 14:PR_SET_TIMING 15:PR_SET_NAME 16:PR_GET_NAME ' +
    '19:PR_GET_ENDIAN 20:PR_SET_ENDIAN 21:PR_GET_SECCOMP 22:PR_SET_SECCOMP 23:PR_CAPBSET_READ 24:PR_CAPBSET_DROP ' +
    '25:PR_GET_TSC 26:PR_SET_TSC 27:PR_GET_SECUREBITS 28:PR_SET_SECUREBITS 29:PR_SET_TIMERSLACK 30:PR_GET_TIMERSLACK ' +
    '31:PR_TASK_PERF_EVENTS_DISABLE 32:PR_TASK_PERF_EVENTS_ENABLE 33:PR_MCE_KILL 35:PR_SET_MM ' +
    '36:PR_SET_CHILD_SUBREAPER 37:PR_GET_CHILD_SUBREAPER 38:PR_SET_NO_NEW_PRIVS 39:PR_GET_NO_NEW_PRIVS ' +
    '40:PR_GET_TID_ADDRESS 41:PR_SET_THP_DISABLE 42:PR_GET_THP_DISABLE 43:PR_MPX_ENABLE_MANAGEMENT ' +
    '44:PR_MPX_DISABLE_MANAGEMENT 45:PR_SET_FP_MODE 46:PR_GET_FP_MODE 47:PR_CAP_AMBIENT 52:PR_GET_SPECULATION_CTRL ' +
    '53:PR_SET_SPECULATION_CTRL 54:PR_PAC_RESET_KEYS 55:PR_SET_TAGGED_ADDR_CTRL 56:PR_GET_TAGGED_ADDR_CTRL ' +
    '57:PR_SET_IO_FLUSHER 58:PR_GET_IO_FLUSHER 59:PR_SET_SYSCALL_USER_DISPATCH 60:PR_PAC_SET_ENABLED_KEYS ' +
    '61:PR_PAC_GET_ENABLED_KEYS 62:PR_SCHED_CORE 63:PR_SME_SET_VL 64:PR_SME_GET_VL 262144:PR_SME_SET_VL_ONEXEC ' +
    '1398164801:PR_SET_VMA 1499557217:PR_SET_PTRACER',
  ptrace:
    '0:PTRACE_TRACEME 1:PTRACE_PEEKTEXT 2:PTRACE_PEEKDATA 3:PTRACE_PEEKUSR 4:PTRACE_POKETEXT 5:PTRACE_POKEDATA ' +
    '6:PTRACE_POKEUSR 7:PTRACE_CONT 8:PTRACE_KILL 9:PTRACE_SINGLESTEP 16:PTRACE_ATTACH 17:PTRACE_DETACH ' +
    '24:PTRACE_SYSCALL 16896:PTRACE_SETOPTIONS 16897:PTRACE_GETEVENTMSG 16898:PTRACE_GETSIGINFO ' +
    '16899:PTRACE_SETSIGINFO 16900:PTRACE_GETREGSET 16901:PTRACE_SETREGSET 16902:PTRACE_SEIZE 16903:PTRACE_INTERRUPT ' +
    '16904:PTRACE_LISTEN 16905:PTRACE_PEEKSIGINFO 16906:PTRACE_GETSIGMASK 16907:PTRACE_SETSIGMASK ' +
    '16908:PTRACE_SECCOMP_GET_FILTER 16909:PTRACE_SECCOMP_GET_METADATA 16910:PTRACE_GET_SYSCALL_INFO ' +
    '16911:PTRACE_GET_RSEQ_CONFIGURATION',
  rlimit:
    '0:RLIMIT_CPU 1:RLIMIT_FSIZE 2:RLIMIT_DATA 3:RLIMIT_STACK 4:RLIMIT_CORE 5:RLIMIT_RSS 6:RLIMIT_NPROC ' +
    '7:RLIMIT_NOFILE 8:RLIMIT_MEMLOCK 9:RLIMIT_AS 10:RLIMIT_LOCKS 11:RLIMIT_SIGPENDING 12:RLIMIT_MSGQUEUE ' +
    '13:RLIMIT_NICE 14:RLIMIT_RTPRIO 15:RLIMIT_RTTIME',
  clock:
    '0:CLOCK_REALTIME 1:CLOCK_MONOTONIC 2:CLOCK_PROCESS_CPUTIME_ID 3:CLOCK_THREAD_CPUTIME_ID 4:CLOCK_MONOTONIC_RAW ' +
    '5:CLOCK_REALTIME_COARSE 6:CLOCK_MONOTONIC_COARSE 7:CLOCK_BOOTTIME 8:CLOCK_REALTIME_ALARM 9:CLOCK_BOOTTIME_ALARM ' +
    '10:CLOCK_SGI_CYCLE 11:CLOCK_TAI',
  scheduler: '0:SCHED_NORMAL 1:SCHED_FIFO 2:SCHED_RR 3:SCHED_BATCH 5:SCHED_IDLE 6:SCHED_DEADLINE',
  epoll: '1:EPOLL_CTL_ADD 2:EPOLL_CTL_DEL 3:EPOLL_CTL_MOD',
  resolve:
    '1:RESOLVE_NO_XDEV 2:RESOLVE_NO_MAGICLINKS 4:RESOLVE_NO_SYMLINKS 8:RESOLVE_BENEATH 16:RESOLVE_IN_ROOT ' + '32:RESOLVE_CACHED',
  seek: '0:SEEK_SET 1:SEEK_CUR 2:SEEK_END 3:SEEK_DATA 4:SEEK_HOLE',
  bpf:
    '0:BPF_MAP_CREATE 1:BPF_MAP_LOOKUP_ELEM 2:BPF_MAP_UPDATE_ELEM 3:BPF_MAP_DELETE_ELEM 4:BPF_MAP_GET_NEXT_KEY ' +
    '5:BPF_PROG_LOAD 6:BPF_OBJ_PIN 7:BPF_OBJ_GET 8:BPF_PROG_ATTACH 9:BPF_PROG_DETACH 10:BPF_PROG_TEST_RUN ' +
    '11:BPF_PROG_GET_NEXT_ID 12:BPF_MAP_GET_NEXT_ID 13:BPF_PROG_GET_FD_BY_ID 14:BPF_MAP_GET_FD_BY_ID ' +
    '15:BPF_OBJ_GET_INFO_BY_FD 16:BPF_PROG_QUERY 17:BPF_RAW_TRACEPOINT_OPEN 18:BPF_BTF_LOAD 19:BPF_BTF_GET_FD_BY_ID ' +
    '20:BPF_TASK_FD_QUERY 21:BPF_MAP_LOOKUP_AND_DELETE_ELEM 22:BPF_MAP_FREEZE 23:BPF_BTF_GET_NEXT_ID ' +
    '24:BPF_MAP_LOOKUP_BATCH 25:BPF_MAP_LOOKUP_AND_DELETE_BATCH 26:BPF_MAP_UPDATE_BATCH 27:BPF_MAP_DELETE_BATCH ' +
    '28:BPF_LINK_CREATE 29:BPF_LINK_UPDATE 30:BPF_LINK_GET_FD_BY_ID 31:BPF_LINK_GET_NEXT_ID 32:BPF_ENABLE_STATS ' +
    '33:BPF_ITER_CREATE 34:BPF_LINK_DETACH 35:BPF_PROG_BIND_MAP',
  socketDomain:
    '1:local 2:inet 3:ax25 4:ipx 5:appletalk 6:netrom 7:bridge 8:atmpvc 9:x25 10:inet6 11:rose 12:decnet 13:netbeui ' +
    '14:security 15:key 16:netlink 17:packet 18:ash 19:econet 20:atmsvc 21:rds 22:sna 23:irda 24:pppox 25:wanpipe ' +
    '26:llc 27:ib 28:mpls 29:can 30:tipc 31:bluetooth 32:iucv 33:rxrpc 34:isdn 35:phonet 36:ieee802154 37:caif ' +
    '38:alg 39:nfc 40:vsock 41:kcm 42:qipcrtr 43:smc 44:xdp 45:mctp',
  protocol:
    '0:ip 1:icmp 2:igmp 4:ipip 6:tcp 8:egp 12:pup 17:udp 22:idp 29:tp 33:dccp 41:ipv6 46:rsvp 47:gre 50:esp 51:ah ' +
    '92:mtp 94:beetph 98:encap 103:pim 108:comp 115:l2tp 132:sctp 136:udplite 137:mpls 143:ethernet 255:raw ' +
    '262:mptcp 263:max',
}

/** What the C library says of each error number, by number. */
export const ERROR_TEXTS: readonly string[] = [
  '',
  'Operation not permitted',
  'No such file or directory',
  'No such process',
  'Interrupted system call',
  'Input/output error',
  'No such device or address',
  'Argument list too long',
  'Exec format error',
  'Bad file descriptor',
  'No child processes',
  'Resource temporarily unavailable',
  'Cannot allocate memory',
  'Permission denied',
  'Bad address',
  'Block device required',
  'Device or resource busy',
  'File exists',
  'Invalid cross-device link',
  'No such device',
  'Not a directory',
  'Is a directory',
  'Invalid argument',
  'Too many open files in system',
  'Too many open files',
  'Inappropriate ioctl for device',
  'Text file busy',
  'File too large',
  'No space left on device',
  'Illegal seek',
  'Read-only file system',
  'Too many links',
  'Broken pipe',
  'Numerical argument out of domain',
  'Numerical result out of range',
  'Resource deadlock avoided',
  'File name too long',
  'No locks available',
  'Function not implemented',
  'Directory not empty',
  'Too many levels of symbolic links',
  'Unknown error 41',
  'No message of desired type',
  'Identifier removed',
  'Channel number out of range',
  'Level 2 not synchronized',
  'Level 3 halted',
  'Level 3 reset',
  'Link number out of range',
  'Protocol driver not attached',
  'No CSI structure available',
  'Level 2 halted',
  'Invalid exchange',
  'Invalid request descriptor',
  'Exchange full',
  'No anode',
  'Invalid request code',
  'Invalid slot',
  'Unknown error 58',
  'Bad font file format',
  'Device not a stream',
  'No data available',
  'Timer expired',
  'Out of streams resources',
  'Machine is not on the network',
  'Package not installed',
  'Object is remote',
  'Link has been severed',
  'Advertise error',
  'Srmount error',
  'Communication error on send',
  'Protocol error',
  'Multihop attempted',
  'RFS specific error',
  'Bad message',
  'Value too large for defined data type',
  'Name not unique on network',
  'File descriptor in bad state',
  'Remote address changed',
  'Can not access a needed shared library',
  'Accessing a corrupted shared library',
  '.lib section in a.out corrupted',
  'Attempting to link in too many shared libraries',
  'Cannot exec a shared library directly',
  'Invalid or incomplete multibyte or wide character',
  'Interrupted system call should be restarted',
  'Streams pipe error',
  'Too many users',
  'Socket operation on non-socket',
  'Destination address required',
  'Message too long',
  'Protocol wrong type for socket',
  'Protocol not available',
  'Protocol not supported',
  'Socket type not supported',
  'Operation not supported',
  'Protocol family not supported',
  'Address family not supported by protocol',
  'Address already in use',
  'Cannot assign requested address',
  'Network is down',
  'Network is unreachable',
  'Network dropped connection on reset',
  'Software caused connection abort',
  'Connection reset by peer',
  'No buffer space available',
  'Transport endpoint is already connected',
  'Transport endpoint is not connected',
  'Cannot send after transport endpoint shutdown',
  'Too many references: cannot splice',
  'Connection timed out',
  'Connection refused',
  'Host is down',
  'No route to host',
  'Operation already in progress',
  'Operation now in progress',
  'Stale file handle',
  'Structure needs cleaning',
  'Not a XENIX named type file',
  'No XENIX semaphores available',
  'Is a named type file',
  'Remote I/O error',
  'Disk quota exceeded',
  'No medium found',
  'Wrong medium type',
  'Operation canceled',
  'Required key not available',
  'Key has expired',
  'Key has been revoked',
  'Key was rejected by service',
  'Owner died',
  'State not recoverable',
  'Operation not possible due to RF-kill',
  'Memory page has hardware error',
]
