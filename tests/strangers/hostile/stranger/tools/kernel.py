"""What asks the kernel for more than a program should."""

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)
_SYSCALLS = {
    "x86_64": {
        "acct": 163,
        "add_key": 248,
        "bpf": 321,
        "chroot": 161,
        "clock_settime": 227,
        "delete_module": 176,
        "fanotify_init": 300,
        "fsopen": 430,
        "init_module": 175,
        "io_setup": 206,
        "io_uring_setup": 425,
        "ioperm": 173,
        "iopl": 172,
        "kcmp": 312,
        "kexec_load": 246,
        "keyctl": 250,
        "mount": 165,
        "mount_setattr": 442,
        "move_mount": 429,
        "open_by_handle_at": 304,
        "open_tree": 428,
        "perf_event_open": 298,
        "personality": 135,
        "pidfd_getfd": 438,
        "pivot_root": 155,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "ptrace": 101,
        "quotactl": 179,
        "reboot": 169,
        "request_key": 249,
        "sethostname": 170,
        "setns": 308,
        "settimeofday": 164,
        "setuid": 105,
        "swapon": 167,
        "syslog": 103,
        "unshare": 272,
        "userfaultfd": 323,
        "vhangup": 153,
    },
    "aarch64": {
        "acct": 89,
        "add_key": 217,
        "bpf": 280,
        "chroot": 51,
        "clock_settime": 112,
        "delete_module": 106,
        "fanotify_init": 262,
        "fsopen": 430,
        "init_module": 105,
        "io_setup": 0,
        "io_uring_setup": 425,
        "ioperm": -1,
        "iopl": -1,
        "kcmp": 272,
        "kexec_load": 104,
        "keyctl": 219,
        "mount": 40,
        "mount_setattr": 442,
        "move_mount": 429,
        "open_by_handle_at": 265,
        "open_tree": 428,
        "perf_event_open": 241,
        "personality": 92,
        "pidfd_getfd": 438,
        "pivot_root": 41,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "ptrace": 117,
        "quotactl": 60,
        "reboot": 142,
        "request_key": 218,
        "sethostname": 161,
        "setns": 268,
        "settimeofday": 170,
        "setuid": 146,
        "swapon": 224,
        "syslog": 116,
        "unshare": 97,
        "userfaultfd": 282,
        "vhangup": 58,
    },
}


def shared_memory() -> int:
    """Make memory of System V's that anybody may attach."""
    return _checked(_LIBC.shmget(0x5EC0, 4096, 0o1666))


def syscall(name: str, *arguments: int) -> int:
    ctypes.set_errno(0)
    wide = [ctypes.c_long(argument) for argument in arguments]
    return _checked(_LIBC.syscall(ctypes.c_long(_SYSCALLS[os.uname().machine][name]), *wide))


def memory_of(process: int, name: str) -> int:
    """Copy a piece of memory from or to another process."""
    piece = ctypes.create_string_buffer(16)
    ours = (ctypes.c_ulong * 2)(ctypes.addressof(piece), 16)
    theirs = (ctypes.c_ulong * 2)(0x400000, 16)
    return syscall(name, process, ctypes.addressof(ours), 1, ctypes.addressof(theirs), 1, 0)


def _checked(done: int) -> int:
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done
