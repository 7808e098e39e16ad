"""What an app and its build reach on a real server: what they were given by name, and no more."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apps.workshop import Workshop
from tests.firewall.reaching import ATTEMPT, CLOUD, CLOUD6, LINK_LOCAL, METADATA, Attempt, Surroundings
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NEVER, BY_NAME, ALWAYS = "never", "by name", "always"
NAMES = ["postgres", "syslog", "metadata", "cafe", "127.0.0.0/8:22", "127.0.0.80:80", "localhost:8125"]
CAFE = 11020

TABLE: list[tuple[Attempt, str]] = [
    # A service of the server, by each of the ways to it.
    (("tcp", "127.0.0.1", 5432), BY_NAME),
    (("tcp", "127.9.9.9", 5432), BY_NAME),
    (("tcp", "0.0.0.0", 5432), BY_NAME),  # noqa: S104  # nothing is bound
    (("tcp", "localhost", 5432), BY_NAME),
    (("tcp", "::1", 5432), BY_NAME),
    (("tcp", "::", 5432), BY_NAME),
    (("tcp", "::ffff:127.0.0.1", 5432), BY_NAME),
    (("tcp", "{address}", 5432), BY_NAME),
    (("tcp", "{address6}", 5432), BY_NAME),
    (("tcp", "10.99.0.1", 5432), BY_NAME),
    (("mptcp", "127.0.0.1", 5432), BY_NAME),
    (("unix", "/run/postgresql/.s.PGSQL.5432", 0), BY_NAME),
    # Others, of which some are named.
    (("tcp", "127.0.0.1", 6379), NEVER),
    (("tcp", "::1", 6379), NEVER),
    (("unix", "/run/redis/redis.sock", 0), NEVER),
    (("tcp", "127.0.0.1", 22), BY_NAME),
    (("tcp", "::1", 22), NEVER),
    (("tcp", "{address}", 22), NEVER),
    (("tcp", "{address6}", 22), NEVER),
    (("udp", "127.0.0.1", 8125), BY_NAME),
    (("udp", "::1", 8125), BY_NAME),
    (("udp", "{address}", 8125), NEVER),
    (("tcp", "127.0.0.1", CAFE), BY_NAME),
    # The sites, and what the proxy has on loopback alone.
    (("tcp", "127.0.0.80", 80), BY_NAME),
    (("tcp", "127.0.0.1", 80), NEVER),
    (("tcp", "::1", 443), NEVER),
    (("tcp", "{address}", 80), ALWAYS),
    (("tcp", "{address}", 443), ALWAYS),
    (("tcp", "{address6}", 80), ALWAYS),
    # Names are looked up wherever the resolver is.
    (("tcp", "127.0.0.1", 53), ALWAYS),
    (("udp", "127.0.0.1", 53), ALWAYS),
    (("udp", "::1", 53), ALWAYS),
    (("tcp", "169.254.169.254", 53), ALWAYS),
    # The cloud.
    *((("tcp", address, 80), BY_NAME) for address in METADATA),
    (("tcp", f"{LINK_LOCAL}%cloud0", 80), BY_NAME),
    (("mptcp", "169.254.169.254", 80), BY_NAME),
    # The network at large.
    (("tcp", CLOUD, 8080), ALWAYS),
    (("tcp", CLOUD6, 8080), ALWAYS),
    # Sockets that are open to everybody.
    (("unix", "/run/docker.sock", 0), NEVER),
    (("unix", "/var/run/docker.sock", 0), NEVER),
    (("unix", "/run/dbus/system_bus_socket", 0), NEVER),
    (("unix", "/run/systemd/private", 0), NEVER),
    (("unix", "/run/systemd/journal/stdout", 0), NEVER),
    (("unix", "/run/systemd/journal/socket", 1), NEVER),
    (("unix", "/run/systemd/notify", 1), NEVER),
    (("unix", "/dev/log", 1), BY_NAME),
]
REFUSED = {
    "tcp": "ConnectionRefusedError",
    "mptcp": "ConnectionRefusedError",
    "udp": "PermissionError",
    "unix": "FileNotFoundError",
}


@pytest.fixture(scope="module", params=["12", "13"], ids=lambda debian: f"debian-{debian}")
def around(
    request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Surroundings]:
    """A server of its own, since the services at its addresses would be in others' way."""
    server = lab.up(f"reaching-{request.param}", debian=request.param, furnished=True)

    def workshop(name: str, port: int) -> Workshop:
        return Workshop(lab, server, Path(tmp_path_factory.mktemp(name)), name, port)

    around = Surroundings(workshop("shop", 11000), workshop("cafe", CAFE))
    around.prepare()
    yield around
    lab.down(server.name)


def table(around: Surroundings) -> list[Attempt]:
    addresses = {"address": around.server.address, "address6": around.server.address6}
    return [(kind, place.format(**addresses), port) for (kind, place, port), _ in TABLE]


def wrong(found: list[str], attempts: list[Attempt], expected: set[str], build: bool) -> list[str]:
    """Tell of each attempt that ended otherwise than expected."""
    said = []
    for answer, attempt, (_, when) in zip(found, attempts, TABLE, strict=True):
        # At build the sandbox is another one.
        if build and attempt[0] == "unix":
            continue
        if (answer == "open") != (when in expected) or answer not in {REFUSED[attempt[0]], "open"}:
            said.append(f"{attempt}: {answer}, is to be open {when}")
    return said


@pytest.mark.parametrize(
    ("words", "reach", "expected"),
    [("closed", [], {ALWAYS}), ("named", NAMES, {ALWAYS, BY_NAME}), ("closed again", [], {ALWAYS})],
    ids=["closed", "named", "closed again"],
)
def test_only_what_is_named_is_reached(
    around: Surroundings, words: str, reach: list[str], expected: set[str]
) -> None:
    attempts = table(around)
    found = around.tried(words, attempts, reach=reach)
    assert around.deploy(reach=reach).check().changed == []
    assert wrong(found["run"], attempts, expected, build=False) == []
    assert wrong(found["build"], attempts, expected, build=True) == []


def test_the_services_are_there_for_root(around: Surroundings) -> None:
    """Else what is closed would prove nothing."""
    ask = f"{ATTEMPT}\nprint(json.dumps(attempts(json.loads(input()))))"
    around.server.run("cat > /root/ask.py", stdin=ask)
    attempts = table(around)
    found = json.loads(around.server.run("python3 /root/ask.py", stdin=json.dumps(attempts)).stdout)
    missing = [
        attempt
        for attempt, answer in zip(attempts, found, strict=True)
        # This one takes no connection, though it is there.
        if answer != "open" and attempt[1] != "/run/systemd/journal/socket"
    ]
    assert missing == []
