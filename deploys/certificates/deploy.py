"""Certificates: placeholders first, then the CA's own, and their renewal."""

from pyinfra.api.command import StringCommand

from deploys.base import files
from deploys.certificates import certbot, operations, plan
from deploys.certificates.plan import Wanted
from deploys.certificates.renewal import renewal_files
from deploys.config import Server
from deploys.routing import lineages


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the server's certificates need."""
    return ("certbot", "openssl") if server.sites else ()


def place_holders(server: Server) -> None:
    """Put a self-signed certificate wherever the CA has not issued one yet."""
    operations.place_holders(name="Certificates: placeholders", lineages=lineages(server))


def issue(server: Server, reload: str) -> None:
    """Have the CA issue what is wanted, and the proxy serve it.

    Args:
        server: the settings.
        reload: the shell command that has the proxy read its certificates again.

    """
    wanted = lineages(server)
    files.put(
        name="Certificates: renewal",
        files=renewal_files(server.acme, wanted, reload),
        then=[StringCommand("systemctl", "daemon-reload")],
    )
    found = operations.look(wanted)
    steps = {}
    for lineage in wanted:
        certificate = Wanted(lineage, server.acme.directory_url, "ecdsa")
        step = plan.step(certificate, found.get("lineages", {}).get(lineage.name), found.get("now", 0))
        if step:
            steps[lineage.name] = operations.issue(
                name=f"Certificate for {lineage.name}: {step.kind} ({step.reason})",
                lineage=lineage,
                command=[] if step.kind == "serve" else certbot.certonly(certificate, server.acme, step),
                environment=certbot.environment(server.acme),
                account={"email": server.acme.email, "directory": server.acme.directory_url},
                reload=reload,
                _ignore_errors=True,
            )
    if steps:
        operations.sum_up(name="Certificates: all issued", steps=steps)
