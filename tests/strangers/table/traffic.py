"""How strangers would get what is meant for the neighbour."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Refused, Shows

_TAKEN = Shows("cat /var/lib/app-guest/stolen")
"""What clients and the proxy sent to the ports that the stranger has got hold of."""

ROWS = (
    Attempt("run", "traffic", "the neighbour's idle port", "hold('127.0.0.1', {bank_idle})", _TAKEN),
    Attempt("run", "traffic", "the idle port on all addresses", "hold('0.0.0.0', {bank_idle})", _TAKEN),
    Attempt("run", "traffic", "the idle port over IPv6", "hold('::', {bank_idle})", _TAKEN),
    Attempt("run", "traffic", "the idle port, shared", "hold('127.0.0.1', {bank_idle}, reuse=True)", _TAKEN),
    Attempt(
        "run", "traffic", "the live port, shared", "hold('127.0.0.1', {bank_port}, reuse=True)", Refused()
    ),
    Attempt("run", "traffic", "the live port over IPv6", "hold('::', {bank_port}, reuse=True)", _TAKEN),
    Attempt(
        "run",
        "traffic",
        "the live port, whenever the neighbour is down",
        "hold_when_free('127.0.0.1', {bank_port})",
        _TAKEN,
    ),
    Attempt(
        "run",
        "traffic",
        "the live port on all addresses, whenever the neighbour is down",
        "hold_when_free('0.0.0.0', {bank_port})",
        _TAKEN,
    ),
    Attempt("build", "traffic", "the neighbour's idle port", "hold('127.0.0.1', {bank_idle})", _TAKEN),
    Attempt("stop", "traffic", "the neighbour's idle port", "hold('127.0.0.1', {bank_idle})", _TAKEN),
    Attempt("run", "traffic", "the port of HTTP", "hold('0.0.0.0', 80)", Refused()),
    Attempt("run", "traffic", "the port of HTTPS, shared", "hold('0.0.0.0', 443, reuse=True)", Refused()),
    Attempt("run", "traffic", "a port of the machine's own services", "hold('127.0.0.1', 25)", Refused()),
    Attempt(
        "run",
        "traffic",
        "the wire itself",
        "socket_of(17, 3, 768)",  # AF_PACKET, SOCK_RAW, ETH_P_ALL
        Refused(),
        root_can=True,
    ),
    Attempt("run", "traffic", "packets of its own making", "socket_of(2, 3, 1)", Refused(), root_can=True),
)
