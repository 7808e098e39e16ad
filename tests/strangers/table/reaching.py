"""Whom strangers talk to: the cloud, the machine's own services, the neighbours, by address and by socket."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Refused, Shows

_ADDRESSES = {
    "the metadata service": ("169.254.169.254", 80),
    "the metadata service over IPv6": ("fd00:ec2::254", 80),
    "the metadata service, its address written as IPv6": ("::ffff:169.254.169.254", 80),
    "sshd": ("127.0.0.1", 22),
    "sshd over IPv6": ("::1", 22),
    "sshd, by an address of loopback's that nobody thinks of": ("127.8.9.10", 22),
    "sshd, by the machine's own address": ("{address}", 22),
    "sshd, by the machine's own IPv6 address": ("{address6}", 22),
    "sshd, by no address": ("0.0.0.0", 22),  # noqa: S104  # the kernel takes it for this machine
    "the proxy's own address": ("127.0.0.80", 80),
    "a database": ("127.0.0.1", 5432),
    "a database over IPv6": ("::1", 5432),
    "a database, its address written as IPv6": ("::ffff:127.0.0.1", 5432),
    "a database that listens everywhere": ("{address}", 5433),
    "the neighbour's app": ("127.0.0.1", "{bank_port}"),
    "the neighbour's app, its address written as IPv6": ("::ffff:127.0.0.1", "{bank_port}"),
}
_SOCKETS = {
    "a database by its socket": "/run/ledger/ledger.sock",
    "systemd, as its own programs do": "/run/systemd/private",
    "the bus": "/run/dbus/system_bus_socket",
}

ROWS = (
    *(
        Attempt(moment, "reaches", tries, f"connect({host!r}, {port})", Refused(), root_can=True)
        for moment in ("build", "run")
        for tries, (host, port) in _ADDRESSES.items()
    ),
    *(
        Attempt(moment, "reaches", tries, f"connect_unix({path!r})", Refused(), root_can=True)
        for moment in ("build", "run")
        for tries, path in _SOCKETS.items()
    ),
    Attempt(
        "run",
        "reaches",
        "what root may, by the listener that systemd has opened",
        "connect_by_listener(*[('127.0.0.1', port) for port in (22, {bank_port})], ('{address}', 22))",
        Refused(),
    ),
    *(
        # SCTP is nothing that the kernels of labs know.
        Attempt(moment, "reaches", f"{whom} by {how}", does, Refused(), root_can=how != "SCTP")
        for moment in ("build", "run")
        for whom, how, does in (
            ("the metadata service", "UDP", "send_udp('169.254.169.254', 80)"),
            ("the metadata service", "UDP over IPv6", "send_udp('fd00:ec2::254', 80)"),
            ("a database", "UDP", "send_udp('127.0.0.1', 5432)"),
            ("the neighbours of the machine", "multicast", "send_udp('224.0.0.251', 5353)"),
            ("sshd", "TCP on many ways", "connect_by(262, '127.0.0.1', 22)"),
            ("sshd", "SCTP", "connect_by(132, '127.0.0.1', 22)"),
            ("the metadata service", "TCP on many ways", "connect_by(262, '169.254.169.254', 80)"),
        )
    ),
    *(
        Attempt(moment, "reaches", "the metadata service", "connect('169.254.169.254', 80)", Refused())
        for moment in ("start", "stop", "crash")
    ),
    *(
        Attempt(
            "run", "reaches", f"the machine's management: {command[0]}", f"program(*{command!r})", Refused()
        )
        for command in (
            ("/usr/bin/systemctl", "show", "--property=Environment", "gatehouse-bank-a.service"),
            ("/usr/bin/busctl", "--no-pager", "list"),
            ("/usr/bin/hostnamectl", "hostname", "stranger"),
        )
    ),
    Attempt(
        "run",
        "reaches",
        "systemd, with a unit of its own",
        "program('/usr/bin/systemd-run', '--no-ask-password', '/bin/true')",
        Refused(),
    ),
    *(
        Attempt(
            moment,
            "reaches",
            f"systemd, to say that the neighbour {what}",
            f"notify('/run/systemd/notify', {words!r})",
            Shows("systemctl is-active gatehouse-bank-{bank_slot}.service", "active"),
        )
        for moment in ("build", "start", "run", "stop", "crash")
        for what, words in (
            ("has stopped", "MAINPID={bank_pid}\nSTOPPING=1"),
            ("hangs", "MAINPID={bank_pid}\nWATCHDOG=trigger"),
        )
    ),
    *(
        Attempt(
            moment,
            "reaches",
            "the journal, to have a failure told that there is not",
            "journal(MESSAGE='gatehouse-forged-a.service: Failed', UNIT='gatehouse-forged-a.service',"
            " MESSAGE_ID='d9b373ed55a64feb8242e02dbe79a49c', _PID='1', SYSLOG_IDENTIFIER='systemd')",
            Shows("grep -c gatehouse-forged /var/log/alerts", "0"),
        )
        for moment in ("build", "run", "crash")
    ),
)
