"""Where strangers would leave something for others to run, read or trip over."""

from tests.strangers.attempt import Attempt, Moment
from tests.strangers.ends import Refused, Says, Shows

_FILES = {
    "a job of cron's": "/etc/cron.d/stranger",
    "another user": "/etc/passwd",
    "a key for root's login": "/root/.ssh/authorized_keys",
    "a program before Debian's": "/usr/local/bin/systemctl",
    "a unit": "/etc/systemd/system/stranger.service",
    "a unit until the next boot": "/run/systemd/system/stranger.service",
    "a library for every program": "/etc/ld.so.preload",
    "a file of the shell's": "/etc/profile.d/stranger.sh",
    "a module for every Python": "/usr/lib/python3/dist-packages/stranger.pth",
    "a site of nginx's": "/etc/nginx/conf.d/stranger.conf",
    "the neighbour's traffic": "/var/lib/gatehouse/live/bank-b",
    "a deploy that is at work": "/run/gatehouse/apps/bank.json",
    "a program that builds use": "/opt/gatehouse/uv/stranger",
    "a key of apt's": "/etc/apt/trusted.gpg.d/stranger.asc",
    "an alternative name for a host": "/etc/hosts",
    "the pipe for core dumps": "/proc/sys/kernel/core_pattern",
    "a lock of another program's": "/run/lock/stranger",
    "a file for everybody": "/var/lock/stranger",
    "a release of its own": "/srv/guest/releases/99",
    "its own program": "/srv/guest/current/venv/bin/python",
    "its own home": "/srv/guest/stranger",
    "its own history": "/var/lib/gatehouse/history/guest",
    "its own control group": "/sys/fs/cgroup/stranger",
}
_WRITABLE: dict[Moment, list[str]] = {
    "build": ["/srv/guest/releases/2/code", "/srv/guest/releases/2/python", "/srv/guest/releases/2/venv"],
    "run": ["/srv/uploads", "/var/lib/app-guest"],
}
"""All that there is, but for what everybody has for himself."""
_ITS_OWN = [
    *(f"/dev/{name}" for name in ("full", "null", "random", "shm", "tty", "urandom", "zero")),
    "/tmp",  # noqa: S108  # the point
    "/var/tmp",  # noqa: S108  # as above
]
_LOCKED_BY_ROOT = {
    "apt renews the machine by, once a day": "/var/lib/apt/daily_lock",
    "apt asks its questions by": "/var/cache/debconf/config.dat",
    "apt has its questions in": "/var/cache/debconf/templates.dat",
    "says who has logged in": "/var/log/wtmp",
}
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108  # that is the point

ROWS = (
    *(
        Attempt(moment, "writes", "wherever it can", "writable()", Says(sorted(own + _ITS_OWN)))
        for moment, own in _WRITABLE.items()
    ),
    *(
        Attempt(
            moment,
            "writes",
            "to the terminals of all who are logged in, by what it says",
            f"say('<0>to everybody at {moment}' + chr(10))",
            Shows(f"journalctl --quiet --output=cat PRIORITY=0 | grep -c 'everybody at {moment}'", "0"),
        )
        for moment in ("build", "start", "run", "stop", "crash")
    ),
    *(Attempt("run", "writes", tries, f"write({path!r})", Refused()) for tries, path in _FILES.items()),
    *(
        Attempt("build", "writes", tries, f"write({path!r})", Refused())
        for tries, path in _FILES.items()
        if tries not in {"its own program", "its own home"}
    ),
    *(
        Attempt(
            moment,
            "writes",
            f"a file for others in {folder}",
            f"write({folder + '/stranger-' + moment!r})",
            Shows(f"ls {folder} | grep -c stranger-{moment}", "0"),
        )
        for moment in ("build", "run")
        for folder in _SHARED
    ),
    *(
        Attempt(moment, "writes", f"a lock on what {what}", f"lock({path!r})", Refused(), root_can=True)
        for moment in ("build", "run")
        for what, path in _LOCKED_BY_ROOT.items()
    ),
    Attempt("run", "writes", "a message queue", "write('/dev/mqueue/stranger')", Shows("ls /dev/mqueue")),
    Attempt("stop", "writes", "a unit", "write('/etc/systemd/system/stranger.service')", Refused()),
    Attempt("crash", "writes", "a unit", "write('/etc/systemd/system/stranger.service')", Refused()),
    Attempt(
        "run", "writes", "less chance to be ended", "write('/proc/self/oom_score_adj', '-1000')", Refused()
    ),
    Attempt(
        "build",
        "writes",
        "its own release's mark",
        "write('../release.json', '{{}}')",
        Shows("stat --format=%U /srv/guest/current/release.json", "root"),
    ),
    *(
        Attempt("run", "writes", f"over a program of the machine's: {path}", f"write({path!r})", Refused())
        for path in ("/usr/bin/python3", "/usr/sbin/nginx", "/lib/systemd/system/nginx.service")
    ),
)
