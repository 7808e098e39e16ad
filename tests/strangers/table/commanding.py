"""What strangers do when the operator has a command run as their app, at a terminal."""

from tests.strangers.attempt import Attempt, End, Kind
from tests.strangers.ends import Forbidden, Refused, Shows

_TRIES: dict[str, tuple[Kind, str, End]] = {
    "the neighbour's secrets": (
        "reads",
        "read('/etc/gatehouse/secrets/bank/{bank_slot}/environment')",
        Refused(),
    ),
    "root's own secret": ("reads", "read('/root/secret')", Refused()),
    "command lines of others": ("reads", "others()", Refused()),
    "a unit": ("writes", "write('/etc/systemd/system/stranger.service')", Refused()),
    "what the command is held by": ("writes", "plant_in_units()", Refused()),
    "its own program": ("writes", "write('/srv/guest/current/venv/bin/python')", Refused()),
    "a terminal of somebody else's": ("writes", "others_terminals()", Refused()),
    "the metadata service": ("reaches", "connect('169.254.169.254', 80)", Refused()),
    "sshd": ("reaches", "connect('127.0.0.1', 22)", Refused()),
    "the bus": ("reaches", "connect_unix('/run/dbus/system_bus_socket')", Refused()),
    "the neighbour's idle port": (
        "traffic",
        "hold('127.0.0.1', {bank_idle})",
        Shows("cat /var/lib/app-guest/stolen"),
    ),
    "to become root": ("kernel", "syscall('setuid', 0)", Forbidden()),
    "to end systemd": ("processes", "send_signal(1, 15)", Refused()),
    "to stay after the command": (
        "processes",
        "survive('after-a-command')",
        Shows("pgrep --exact after-a-command"),
    ),
}

ROWS = tuple(Attempt("command", kind, tries, does, end) for tries, (kind, does, end) in _TRIES.items())
