"""What is up, for people and for programs."""

from typing import Any

from tests.lab import acme
from tests.lab.lab import Lab
from tests.lab.server import PORT, USER, Server
from tests.lab.subnets import HOST


def report(lab: Lab) -> dict[str, Any]:
    """The shape that docs/lab.md promises."""
    subnet = lab.subnet
    return {
        "id": lab.layout.id,
        "state": str(lab.layout.state),
        "network": subnet
        and {
            "ipv4": str(subnet.ipv4),
            "ipv6": str(subnet.ipv6),
            "host": str(subnet.address(HOST)),
            "host6": str(subnet.address6(HOST)),
        },
        "servers": [_server(server) for server in lab.servers()],
        "images": lab.snapshots(),
        "ssh_config": str(lab.layout.ssh / "config"),
        "names": lab.dns.records() if subnet else {},
        "ca": _ca(lab.ca) if subnet else None,
    }


def table(found: dict[str, Any]) -> str:
    rows = [("SERVER", "STATE", "DEBIAN", "ADDRESS", "IPV6")]
    rows += [
        (s["name"], "running" if s["running"] else "stopped", s["debian"], s["address"], s["address6"])
        for s in found["servers"]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    if not found["servers"]:
        lines = ["no servers"]
    if ca := found["ca"]:
        state = "running" if ca["running"] else "stopped"
        lines += ["", f"CA {state}: {ca['directory']}", f"   root {ca['root']}", f"   bundle {ca['bundle']}"]
    return "\n".join(lines)


def _server(server: Server) -> dict[str, Any]:
    return {
        "name": server.name,
        "running": server.running,
        "debian": server.disk.debian,
        "image": server.disk.image,
        "address": str(server.address),
        "address6": str(server.address6),
        "user": USER,
        "port": PORT,
        "key": str(server.key),
        "known_hosts": str(server.known_hosts),
        "console": str(server.console),
    }


def _ca(ca: acme.CertificateAuthority) -> dict[str, Any]:
    options = ca.options or acme.CaOptions()
    return {
        "running": ca.running,
        "debian": options.debian,
        "directory": ca.directory,
        "bundle": str(ca.bundle),
        "root": str(ca.root),
        "management": ca.management,
        "profiles": list(options.profiles),
        "blocked": acme.BLOCKED,
        "nonce_reject": options.nonce_reject,
        "eab": {"key_id": acme.EAB_KEY_ID, "hmac_key": acme.EAB_HMAC_KEY} if options.eab else None,
    }
