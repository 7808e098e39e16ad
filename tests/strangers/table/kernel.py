"""What strangers would have the kernel do, and what they would do to others' processes."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Refused, Shows

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
    "netlink": "socket_of(16, 3, 0)",
    "virtual machines": "socket_of(40, 1, 0)",
    "cryptography of the kernel's": "socket_of(38, 5, 0)",
    "a device": "device(str(IN / 'device'))",
    "a program that runs as its owner": "setuid_copy(str(IN / 'sh'))",
    "a hard link to a secret": "hard_link(str(IN / 'shadow'), '/etc/shadow')",
    "a hard link to a program that runs as root": "hard_link(str(IN / 'su'), '/usr/bin/su')",
    "a program that runs as root": "program('/usr/bin/su', 'root', '-c', 'true')",
}
_PROCESSES = {
    "to end the neighbour": "send_signal({bank_pid}, 15)",
    "to end systemd": "send_signal(1, 15)",
    "to see whether the neighbour is there": "send_signal({bank_pid}, 0)",
    "to trace the neighbour": "syscall('ptrace', 16, {bank_pid}, 0, 0)",
    "to trace systemd": "syscall('ptrace', 16, 1, 0, 0)",
    "to read the neighbour's memory": "open('/proc/{bank_pid}/mem', 'rb').close()",
    "to slow the neighbour down": "priority({bank_pid})",
}

ROWS = (
    *(
        Attempt(moment, "kernel", tries, does, Refused())
        for moment in ("build", "run")
        for tries, does in _CALLS.items()
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
