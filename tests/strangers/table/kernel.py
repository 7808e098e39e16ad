"""What strangers would have the kernel do, and what they would do to others' processes."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Forbidden, Refused, Says, Shows

_CALLS = {
    "become root": "syscall('setuid', 0)",
    "a name space of users": "syscall('unshare', 0x10000000)",
    "a name space of mounts": "syscall('unshare', 0x00020000)",
    "a mount": "syscall('mount', 0, 0, 0, 0, 0)",
    "another root": "syscall('chroot', 0)",
    "another's name space": "syscall('setns', 0, 0)",
    "a program in the kernel": "syscall('bpf', 0, 0, 0)",
    "counters of the processor": "syscall('perf_event_open', 0, 0, 0, 0, 0)",
    "page faults": "syscall('userfaultfd', 0)",
    "a module of the kernel's": "syscall('init_module', 0, 0, 0)",
    "the clock": "syscall('clock_settime', 0, 0)",
    "the machine's name": "syscall('sethostname', 0, 0)",
    "a reboot": "syscall('reboot', 0, 0, 0)",
    "swapping": "syscall('swapon', 0, 0)",
    "ports of the hardware": "syscall('iopl', 3)",
    "one port of the hardware": "syscall('ioperm', 0, 1, 1)",
    "a key of the kernel's": "syscall('add_key', 0, 0, 0, 0, -4)",
    "the keys of its user": "syscall('keyctl', 0, -4, 1)",
    "a key that the kernel has root fetch": "syscall('request_key', 0, 0, 0, -4)",
    "the kernel's log": "syscall('syslog', 3, 0, 0)",
    "another kernel": "syscall('kexec_load', 0, 0, 0, 0)",
    "less of the kernel": "syscall('delete_module', 0, 0)",
    "an account of all that runs": "syscall('acct', 0)",
    "the time of day": "syscall('settimeofday', 0, 0)",
    "to hang up a terminal": "syscall('vhangup')",
    "another root, by turning": "syscall('pivot_root', 0, 0)",
    "a file system by a descriptor": "syscall('fsopen', 0, 0)",
    "a tree of files by a descriptor": "syscall('open_tree', -100, 0, 1)",
    "to move a mount": "syscall('move_mount', -1, 0, -1, 0, 0)",
    "to change a mount": "syscall('mount_setattr', -1, 0, 0, 0, 0)",
    "a file by its number on the disk": "syscall('open_by_handle_at', -1, 0, 0)",
    "to watch all files": "syscall('fanotify_init', 0, 0)",
    "quotas": "syscall('quotactl', 0, 0, 0, 0)",
    "another personality": "syscall('personality', 0x0040000)",
    "a place before all that waits": "realtime()",
    "to be served beside system calls, where no filter sees it": "syscall('io_uring_setup', 8, 0)",
    "all that the kernel reads and writes in the background": "syscall('io_setup', 60000, 0)",
    "a terminal of the machine's": "make_terminal()",
    "netlink": "socket_of(16, 3, 0)",
    "virtual machines": "socket_of(40, 1, 0)",
    "cryptography of the kernel's": "socket_of(38, 5, 0)",
    "a capability on a program": "[write(str(IN / 'able'), ''),"
    " os.setxattr(IN / 'able', 'security.capability', bytes.fromhex('00000002002' + '0' * 29))]",
    "an attribute of root's": "[write(str(IN / 'its'), ''), os.setxattr(IN / 'its', 'trusted.x', b'1')]",
    "a file that nobody can remove": "flagged(str(IN / 'for-ever'), 0x10)",
    "a device": "device(str(IN / 'device'))",
    "a program that runs as its owner": "setuid_copy(str(IN / 'sh'))",
    "a hard link to a secret": "hard_link(str(IN / 'shadow'), '/etc/shadow')",
    "a hard link to a program that runs as root": "hard_link(str(IN / 'su'), '/usr/bin/su')",
    "a program that runs as root, and asks who it is": "program('/usr/bin/su', 'root', '-c', 'true')",
}
_PROCESSES = {
    "to end the neighbour": "send_signal({bank_pid}, 15)",
    "to end systemd": "send_signal(1, 15)",
    "to see whether the neighbour is there": "send_signal({bank_pid}, 0)",
    "to trace the neighbour": "syscall('ptrace', 16, {bank_pid}, 0, 0)",
    "to trace systemd": "syscall('ptrace', 16, 1, 0, 0)",
    "to read the neighbour's memory": "open('/proc/{bank_pid}/mem', 'rb').close()",
    "to slow the neighbour down": "priority({bank_pid})",
    "to copy the neighbour's memory": "memory_of({bank_pid}, 'process_vm_readv')",
    "to write to the neighbour's memory": "memory_of({bank_pid}, 'process_vm_writev')",
    "to compare itself with the neighbour": "syscall('kcmp', {bank_pid}, {bank_pid}, 0, 0, 0)",
    "to take a descriptor of the neighbour's": "syscall('pidfd_getfd', os.pidfd_open({bank_pid}), 0, 0)",
}

ROWS = (
    Attempt(
        "run",
        "kernel",
        "memory that anybody may attach",
        "shared_memory()",
        Shows("cat /proc/sysvipc/shm | tail -n +2 | wc --lines", "0"),
    ),
    *(
        Attempt(moment, "kernel", tries, does, Forbidden() if "syscall" in does else Refused())
        for moment in ("build", "run")
        for tries, does in _CALLS.items()
    ),
    *(
        Attempt(
            moment,
            "kernel",
            "a program that runs as root, whoever it is",
            "program('/usr/local/bin/who-as-root', '--user') == '0' + chr(10)",
            Says(what=False),
        )
        for moment in ("build", "run")
    ),
    *(
        Attempt(moment, "processes", tries, does, Refused())
        for moment in ("build", "run")
        for tries, does in _PROCESSES.items()
    ),
    Attempt(
        "build",
        "processes",
        "to stay after the build",
        "survive('in-the-build')",
        Shows("pgrep --exact in-the-build"),
    ),
    Attempt(
        "stop",
        "processes",
        "to stay after its end",
        "survive('at-the-end')",
        Shows("pgrep --exact at-the-end"),
    ),
)
