"""What strangers look for: secrets, other apps' files, what others' processes carry."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Refused

_SECRETS = "/etc/gatehouse/secrets/bank/{bank_slot}/environment"
_DATA = "/var/lib/app-bank/ledger"
_FILES = {
    "the machine's passwords": "/etc/shadow",
    "root's own secret": "/root/secret",
    "the host key of sshd": "/etc/ssh/ssh_host_ed25519_key",
    "the key of the neighbour's certificate": "/etc/gatehouse/certificates/{bank_domain}/privkey.pem",
    "the neighbour's secrets": _SECRETS,
    "a credential of the neighbour's": "{bank_credentials}/KEY",
    "the neighbour's data": _DATA,
    "of what the neighbour's releases were made": "/var/lib/gatehouse/history/bank",
    "the neighbour's source": "/srv/bank/current/code/bank/main.py",
    "the environment of the neighbour's process": "/proc/{bank_pid}/environ",
    "the command line of the neighbour's process": "/proc/{bank_pid}/cmdline",
    "files by the neighbour's process": "/proc/{bank_pid}/root/etc/hostname",
    "the memory of the neighbour's process": "/proc/{bank_pid}/maps",
    "the environment of systemd": "/proc/1/environ",
    "the journal": "{journal}",
    "the proxy's log": "/var/log/nginx/access.log",
}
_FOLDERS = {
    "root's home": "/root",
    "the account at the CA": "/etc/letsencrypt/accounts",
    "who deploys now": "/run/gatehouse/apps",
    "the files that the neighbour's process has open": "/proc/{bank_pid}/fd",
}

ROWS = (
    *(
        Attempt(moment, "reads", tries, f"read({path!r})", Refused(), root_can=True)
        for moment in ("build", "run")
        for tries, path in _FILES.items()
    ),
    *(
        Attempt(moment, "reads", tries, f"listing({path!r})", Refused(), root_can=True)
        for moment in ("build", "run")
        for tries, path in _FOLDERS.items()
    ),
    Attempt("build", "reads", "command lines of others", "others()", Refused(), root_can=True),
    Attempt("run", "reads", "command lines of others", "others()", Refused(), root_can=True),
    Attempt("start", "reads", "the neighbour's secrets", f"read({_SECRETS!r})", Refused()),
    Attempt("stop", "reads", "the neighbour's data", f"read({_DATA!r})", Refused()),
    Attempt("crash", "reads", "the neighbour's data", f"read({_DATA!r})", Refused()),
    Attempt("run", "reads", "keys of the kernel", "read('/proc/keys')", Refused()),
    Attempt("run", "reads", "the kernel's log", "read('/dev/kmsg')", Refused()),
    Attempt("run", "reads", "the machine's memory", "read('/proc/kcore')", Refused()),
    Attempt(
        "run", "reads", "its own secrets' file", "listing('/etc/gatehouse/secrets')", Refused(), root_can=True
    ),
    Attempt(
        "run",
        "reads",
        "a secret by a link to the neighbour's place in a folder of its own",
        "[plant(str(IN / 'peek'), '/var/lib/app-bank'), read(str(IN / 'peek/ledger'))]",
        Refused(),
    ),
)
