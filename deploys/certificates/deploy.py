"""Certificates: placeholders first, then the CA's own, and their renewal."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pyinfra import logger
from pyinfra.api.operation import OperationMeta
from pyinfra.context import host

from deploys import invocation, saying
from deploys.base import files, units
from deploys.base.machine import Machine
from deploys.certificates import archive, certbot, controller, issuing, kept, operations, plan, vault
from deploys.certificates.certbot import Program
from deploys.certificates.wanted import brought, wanted
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.run import Commands
from deploys.places.certificates import CERTBOTS, TIMER
from deploys.routing import lineages
from deploys.watch.watched import Watched

_UNITS = units.look([*CERTBOTS, TIMER])


def packages(server: Server, machine: Machine) -> tuple[str, ...]:
    """List the Debian packages that the server's certificates need."""
    return program(server, machine).packages if wanted(server) else ("openssl",)


def program(server: Server, machine: Machine) -> Program:
    """Choose the certbot that suffices."""
    return certbot.program_for(server.acme, wanted(server), machine.certbot)


def looks(server: Server) -> tuple[Look, ...]:
    """List what is looked at for the server's certificates."""
    return operations.look_at(lineages(server), server.acme.directory_url), kept.look_at(), _UNITS


def watched(server: Server, machine: Machine) -> Watched:
    """Have the certificates looked at once a day, and what renews them."""
    return kept.watched(server, program(server, machine), lineages(server))


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
    """Have the CA issue what is wanted, the proxy serve it, and the server renew it.

    Args:
        server: the settings.
        machine: what the server is.
        reload: the commands that have the proxy read its certificates again.
        force: whether to renew what is not due.

    """
    chosen = program(server, machine)
    found = operations.look(lineages(server), server.acme.directory_url)
    keep(server, chosen, reload, found)
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
        operations.sum_up(name=saying.of_all("Certificates", "are as wanted"), steps=steps)
    for name in found.get("unwanted", ()):
        logger.warning(
            "%sno site has the certificate %s any more; %s deletes it",
            host.print_prefix,
            name,
            invocation.line("forget"),
        )
    for name in plan.superseded(brought(server), found):
        logger.warning(
            "%scertbot still renews a certificate for %s, which has one of your own now; %s deletes "
            "certbot's",
            host.print_prefix,
            name,
            invocation.line("forget"),
        )


def keep(server: Server, chosen: Program, reload: Commands, found: Mapping[str, Any]) -> None:
    """Have certbot there, and what renews when nobody is logged in."""
    renewing = [chosen.timer] if wanted(server) else []
    states = units.states(_UNITS)
    if chosen.pinned and renewing:
        operations.install_certbot(
            name=f"Certificates: certbot {certbot.PINNED} from PyPI ({chosen.reason})",
            program=chosen,
            found=found,
        )
    # Where we have nothing renewed, the distribution's timer may be there for others.
    rivals = {TIMER, *(CERTBOTS if renewing else ())} - {*renewing}
    if stray := units.strays(rivals, states):
        # Before its unit is gone, or it would run on unseen until the next reboot.
        units.stop(name=f"Certificates: stop {', '.join(stray)}", units=stray)
    files.put(
        name="Certificates: renewal",
        files=kept.kept(server, chosen, lineages(server), reload),
        absent=kept.unkept(server, chosen),
    )
    units.start(name="Certificates: timers", units=renewing, found=states)


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
