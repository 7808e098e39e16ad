"""Certificates: placeholders first, then the CA's own, and their renewal and watch."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pyinfra import logger
from pyinfra.api.operation import OperationMeta
from pyinfra.context import host

from deploys.base import files
from deploys.base.machine import Machine
from deploys.certificates import archive, certbot, controller, issuing, operations, plan, vault
from deploys.certificates.certbot import Program
from deploys.certificates.kept import kept, unkept
from deploys.certificates.wanted import brought, wanted
from deploys.config import Server
from deploys.onhost.run import Commands
from deploys.routing import lineages


def packages(server: Server, machine: Machine) -> tuple[str, ...]:
    """List the Debian packages that the server's certificates need."""
    return program(server, machine).packages if wanted(server) else ("openssl",)


def program(server: Server, machine: Machine) -> Program:
    """Choose the certbot that suffices."""
    return certbot.program_for(server.acme, wanted(server), machine.certbot)


def place_holders(server: Server) -> None:
    """Put a self-signed certificate wherever the CA has not issued one, and the backup has none."""
    served, directory_url, backup = lineages(server), server.acme.directory_url, server.backup
    # Nobody need have the passphrase at hand where there is nothing to restore.
    if backup and archive.is_of_use(served, directory_url):
        data = vault.fetch(backup, host.name)
        if data:
            name = f"Certificates: restore from {backup.file}"
            archive.restore(name=name, lineages=served, directory_url=directory_url, data=data)
    operations.place_holders(name="Certificates: placeholders", lineages=served, directory_url=directory_url)


def issue(server: Server, machine: Machine, reload: Commands, force: bool = False) -> None:
    """Have the CA issue what is wanted, the proxy serve it, and the server renew and watch it.

    Args:
        server: the settings.
        machine: what the server is.
        reload: the commands that have the proxy read its certificates again.
        force: whether to renew what is not due.

    """
    chosen = program(server, machine)
    found = operations.look(lineages(server), server.acme.directory_url)
    told = server.alerts.webhook or server.alerts.mail or server.alerts.command
    keep(server, chosen, reload, found, follow=bool(told) and not machine.restarts_are_failures)
    steps = _brought(server, reload, found)
    address = found.get("told", {}).get(server.acme.directory_url)
    if found.get("registered") and address != server.acme.email:
        steps["the account's address"] = operations.tell_address(
            name=f"Certificates: the CA writes to {server.acme.email} (was {address or 'unknown'})",
            account=issuing.account(chosen, server.acme, "update_account"),
            _ignore_errors=True,
        )
    dns = controller.dns_text(server.acme)
    for certificate in (certbot.with_dns(one, server.acme, dns) for one in wanted(server)):
        name = certificate.lineage.name
        there = found.get("lineages", {}).get(name)
        step = plan.step(certificate, there, found.get("now", 0), force=force)
        if step:
            steps[name] = issuing.issue(
                name=f"Certificate for {name}: {step.kind} ({step.reason})",
                wanted=certificate,
                acme=server.acme,
                program=chosen,
                reload=reload,
                force=force,
                _ignore_errors=True,
            )
    if steps:
        operations.sum_up(name="Certificates: all are as wanted", steps=steps)
    if not told:
        logger.warning("%snobody is told when a renewal fails: set alerts", host.print_prefix)
    elif found.get("timers", {}).get("gatehouse-watch.timer", {}).get("ActiveState") != "active":
        logger.info("%swhen this is done, try the alerts: deploys/alert.py", host.print_prefix)
    for name in found.get("unwanted", ()):
        logger.warning(
            "%sno site has the certificate %s any more; deploys/forget.py deletes it", host.print_prefix, name
        )
    for name in plan.superseded(brought(server), found):
        logger.warning(
            "%scertbot still renews a certificate for %s, which has one of your own now; deploys/forget.py "
            "deletes certbot's",
            host.print_prefix,
            name,
        )


def keep(
    server: Server, chosen: Program, reload: Commands, found: Mapping[str, Any], *, follow: bool
) -> None:
    """Have certbot there, and what renews and watches when nobody is logged in."""
    renewing = [chosen.timer] if wanted(server) else []
    on = [*renewing, "gatehouse-watch.timer", *([operations.FAILURES] if follow else [])]
    if chosen.pinned and renewing:
        operations.install_certbot(
            name=f"Certificates: certbot {certbot.PINNED} from PyPI ({chosen.reason})",
            program=chosen,
            found=found,
        )
    # Where we have nothing renewed, the distribution's timer may be there for others.
    rivals = {operations.OURS, operations.FAILURES, *(operations.RENEWING if renewing else ())}
    if stray := plan.strays(found.get("timers", {}), rivals - set(on)):
        # Before its unit is gone, or it would run on unseen until the next reboot.
        operations.stop_timers(name=f"Certificates: stop {', '.join(stray)}", timers=stray)
    files.put(
        name="Certificates: renewal and watch",
        files=kept(server, chosen, lineages(server), reload, follow=follow),
        absent=unkept(server, chosen, follow=follow),
    )
    operations.start_timers(name="Certificates: timers", timers=on, found=found)


def _brought(server: Server, reload: Commands, found: Mapping[str, Any]) -> dict[str, OperationMeta]:
    steps = {}
    for own in brought(server):
        chain, key = controller.pair(own)
        digest = hashlib.sha256(f"{chain}\0{key}".encode()).hexdigest()[:16]
        there = found.get("lineages", {}).get(own.lineage.name)
        reason = plan.brought_step(own.lineage.name, there, digest)
        if reason:
            steps[own.lineage.name] = issuing.bring(
                name=f"Certificate for {own.lineage.name}: your own ({reason})",
                lineage=own.lineage,
                chain=chain,
                key=key,
                digest=digest,
                reload=reload,
                _ignore_errors=True,
            )
    return steps
