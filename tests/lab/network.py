"""The lab's network: a bridge on the host, a namespace for each machine on it, and the way out."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from ipaddress import IPv4Network
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.layout import Layout
from tests.lab.shell import run, succeeds
from tests.lab.subnets import HOST, Subnet

NAMESPACES = Path("/run/netns")
RESOLVERS = Path("/etc/netns")  # ip netns exec binds its files over those in /etc


def make(layout: Layout, subnet: Subnet) -> None:
    bridge = layout.bridge
    if not _link_exists(bridge):
        at_once = ["stp_state", "0", "forward_delay", "0"]
        run(
            [
                "ip",
                "link",
                "add",
                bridge,
                "address",
                layout.mac(HOST),
                "mtu",
                mtu(),
                "type",
                "bridge",
                *at_once,
            ]
        )
    run(["ip", "address", "replace", f"{subnet.address(HOST)}/{subnet.width}", "dev", bridge])
    run(["ip", "address", "replace", f"{subnet.address6(HOST)}/{subnet.width6}", "dev", bridge, "nodad"])
    run(["ip", "link", "set", bridge, "up"])
    # Only what leaves the bridge: where bridged frames pass the host's rules too, the lab's machines still
    # see each other's addresses, also in what a neighbour sends to an address of no network, like 127.0.0.1.
    run(
        ["nft", "-f", "-"],
        stdin=f"""
        add table inet {layout.table}
        flush table inet {layout.table}
        table inet {layout.table} {{
            chain way_out {{
                type nat hook postrouting priority srcnat
                ip saddr {subnet.ipv4} oifname != "{bridge}" masquerade
            }}
        }}
        """,
    )


def attach(layout: Layout, subnet: Subnet, *, name: str, number: int) -> None:
    """A namespace on the bridge, as new: no rule, setting or connection of a former boot is left in it."""
    detach(layout, name=name, number=number)
    namespace, veth = layout.namespace(name), layout.veth(number)
    run(["ip", "netns", "add", namespace])
    inside = ["ip", "-n", namespace]
    size = mtu()
    peer = ["name", "eth0", "address", layout.mac(number), "mtu", size, "netns", namespace]
    run(["ip", "link", "add", veth, "mtu", size, "type", "veth", "peer", *peer])
    # A new namespace has taken over that the host forwards, which a bare server does not.
    settings = ["net.ipv4.ip_forward=0", "net.ipv6.conf.eth0.accept_ra=0"]
    run(["ip", "netns", "exec", namespace, "sysctl", "-qw", *settings])
    run([*inside, "link", "set", "lo", "up"])
    run([*inside, "address", "add", f"{subnet.address(number)}/{subnet.width}", "dev", "eth0"])
    run([*inside, "address", "add", f"{subnet.address6(number)}/{subnet.width6}", "dev", "eth0", "nodad"])
    run([*inside, "link", "set", "eth0", "up"])
    run([*inside, "route", "add", "default", "via", str(subnet.address(HOST))])
    run(["ip", "link", "set", veth, "master", layout.bridge, "up"])


def is_attached(layout: Layout, *, name: str, number: int) -> bool:
    """Whether `attach` came to its end, which is the bridge."""
    on_bridge = Path("/sys/class/net", layout.veth(number), "master").exists()
    return on_bridge and (NAMESPACES / layout.namespace(name)).exists()


def detach(layout: Layout, *, name: str, number: int) -> None:
    _delete_link(layout.veth(number))
    if (NAMESPACES / layout.namespace(name)).exists():
        run(["ip", "netns", "delete", layout.namespace(name)])


def silence(layout: Layout, *, number: int) -> None:
    """Pull the plug: who is connected is not told that it ends. The next `attach` puts it back."""
    if _link_exists(layout.veth(number)):
        run(["ip", "link", "set", layout.veth(number), "down"])


def remove(layout: Layout) -> None:
    """Everything under the lab's names, whatever a crash left of it."""
    for namespace in _named(NAMESPACES, layout.namespace_prefix):
        run(["ip", "netns", "delete", namespace.name])
    for folder in _named(RESOLVERS, layout.namespace_prefix):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    with suppress(OSError):
        RESOLVERS.rmdir()
    for link in json.loads(run(["ip", "-json", "link", "show"])):
        if link["ifname"].startswith(layout.link_prefix):
            _delete_link(link["ifname"])
    if succeeds(["nft", "list", "table", "inet", layout.table]):
        run(["nft", "delete", "table", "inet", layout.table])


def refuse(namespace: str, service: str, ports: Sequence[int]) -> None:
    """Refuse connections to a service's ports, as when nobody listens; no ports, no refusal."""
    # Added first: the deletion of a table that is not there would fail.
    rules = f"add table inet {service}\ndelete table inet {service}\n"
    if ports:
        rules += f"""
        table inet {service} {{
            chain input {{
                type filter hook input priority filter
                tcp dport {{ {", ".join(str(port) for port in ports)} }} reject with tcp reset
            }}
        }}
        """
    run(["ip", "netns", "exec", namespace, "nft", "-f", "-"], stdin=rules)


def tidy_namespaces() -> None:
    """Undo what the first `ip netns add` of a host set up, unless somebody else uses it."""
    if NAMESPACES.is_dir() and not any(NAMESPACES.iterdir()):
        if NAMESPACES.is_mount() or f" {NAMESPACES} " in Path("/proc/mounts").read_text():
            run(["umount", NAMESPACES])
        with suppress(OSError):
            NAMESPACES.rmdir()


def resolver_for_namespace(layout: Layout, subnet: Subnet, name: str) -> None:
    """Make names resolve for a program run by `ip netns exec`."""
    folder = RESOLVERS / layout.namespace(name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "resolv.conf").write_text(resolver(subnet))


def resolver(subnet: Subnet) -> str:
    return f"nameserver {subnet.address(HOST)}\n"


def routed(*, but: str) -> list[IPv4Network]:
    """The networks that the host has routes to, other than by the device named."""
    routes = json.loads(run(["ip", "-json", "-4", "route", "show", "table", "all"]))
    return [
        IPv4Network(route["dst"], strict=False)
        for route in routes
        if route["dst"] != "default" and route.get("dev") != but
    ]


def mtu() -> str:
    """The way out may be narrower than an Ethernet; what does not fit would be lost without a word."""
    routes = json.loads(run(["ip", "-json", "-4", "route", "show", "default"]))
    if not routes:
        return "1500"
    (link,) = json.loads(run(["ip", "-json", "link", "show", "dev", routes[0]["dev"]]))
    return str(min(1500, link["mtu"]))


def _delete_link(name: str) -> None:
    try:
        if _link_exists(name):
            run(["ip", "link", "delete", name])
    except LabError:
        if _link_exists(name):  # else its namespace has just taken it along
            raise


def _link_exists(name: str) -> bool:
    return Path("/sys/class/net", name).exists()


def _named(folder: Path, prefix: str) -> Iterable[Path]:
    return sorted(folder.glob(f"{prefix}*"))
