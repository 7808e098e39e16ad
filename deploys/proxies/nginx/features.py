"""What an nginx can do, by the versions that the machine has. Pure."""

from dataclasses import dataclass

from deploys.base.machine import Machine

_USUAL = {
    ("debian", "12"): (1, 22, 1),
    ("debian", "13"): (1, 26, 3),
    ("debian", ""): (1, 30, 0),
    ("ubuntu", "22.04"): (1, 18, 0),
    ("ubuntu", "24.04"): (1, 24, 0),
}
"""What each release installs: only read where the machine itself cannot say yet."""


@dataclass(frozen=True)
class Features:
    """What the templates ask of a version."""

    http2_directive: bool
    """`http2 on`; before, it is a word of `listen`."""
    http3: bool
    rejects_handshakes: bool
    rotates_ticket_keys: bool
    spares_idle_connections: bool
    """`keepalive_min_timeout`: a reload does not close a connection on which a request may be on its way."""
    curves: tuple[str, ...]
    """Key exchange, by preference; post-quantum where OpenSSL has it."""


def version(machine: Machine) -> tuple[int, ...]:
    """Tell which nginx the machine has, or is going to install."""
    return machine.proxies.get("nginx") or _USUAL[machine.distribution, machine.release]


def features(machine: Machine) -> Features:
    """Tell what the machine's nginx and OpenSSL can do; nginx's change log and OpenSSL's say since when."""
    nginx = version(machine)
    post_quantum = ("X25519MLKEM768",) if machine.openssl >= (3, 5) else ()
    return Features(
        http2_directive=nginx >= (1, 25, 1),
        http3=nginx >= (1, 25, 0),
        rejects_handshakes=nginx >= (1, 19, 4),
        rotates_ticket_keys=nginx >= (1, 23, 2),
        spares_idle_connections=nginx >= (1, 27, 4),
        curves=(*post_quantum, "X25519", "prime256v1", "secp384r1"),
    )
