"""What is done with certificates on request: renewing at once, rehearsing, forgetting, a backup."""

from collections.abc import Collection

from pyinfra import logger
from pyinfra.context import host

from deploys import invocation, saying
from deploys.base.machine import Machine
from deploys.certificates import archive, issuing, operations, plan, vault
from deploys.certificates.deploy import program
from deploys.certificates.wanted import Wanted, brought, wanted
from deploys.config import Acme, Server
from deploys.config.remedies import meant
from deploys.onhost.run import Commands
from deploys.places.certificates import BROUGHT, CERTIFICATES
from deploys.refusal import Refusal
from deploys.routing import lineages


def renew(server: Server, machine: Machine, reload: Commands, site: str | None = None) -> None:
    """Have the CA renew certificates that are not due.

    Args:
        server: the settings.
        machine: what the server is.
        reload: the commands that have the proxy read its certificates again.
        site: the name of a site; all unless given.

    """
    steps = {
        one.lineage.name: issuing.issue(
            name=f"Certificate for {one.lineage.name}: renew (asked for)",
            wanted=one,
            acme=server.acme,
            program=program(server, machine),
            reload=reload,
            force=True,
            _ignore_errors=True,
        )
        for one in _chosen(server, site)
    }
    operations.sum_up(name=saying.of_all("Certificates", "are renewed"), steps=steps)


def rehearse(server: Server, machine: Machine, site: str | None = None) -> None:
    """Have a CA issue into a throw-away directory: Let's Encrypt's staging, or the CA itself.

    Args:
        server: the settings.
        machine: what the server is.
        site: the name of a site; all unless given.

    """
    acme = rehearsing(server.acme)
    steps = {
        one.lineage.name: issuing.rehearse(
            name=f"Certificate for {one.lineage.name}: rehearse with {acme.directory}",
            wanted=one,
            acme=acme,
            program=program(server, machine),
            _ignore_errors=True,
        )
        for one in _chosen(server, site)
    }
    operations.sum_up(name=saying.of_all("Certificates", "can be issued"), steps=steps)


def rehearsing(acme: Acme) -> Acme:
    """Choose the CA to rehearse with.

    Raises:
        Refusal: it binds each account to a key, which can be used only once.

    """
    if acme.directory == "letsencrypt":
        return acme.model_copy(update={"directory": "letsencrypt-staging", "eab": None})
    if acme.eab:
        raise Refusal(
            "rehearse: this CA binds each account to its key (acme['eab']), which a rehearsal would use up; "
            f"renew one site instead, with {invocation.option('site', 'NAME')}"
        )
    return acme


def forget(server: Server, served: Collection[str]) -> None:
    """Delete the certificates that no site has any more, or has one of the user's own for, keys included.

    Args:
        server: the settings.
        served: the directories of those that the proxy serves now.

    Raises:
        Refusal: the proxy, which would not start again without it, still serves one of them.

    """
    found = operations.look(lineages(server), server.acme.directory_url)
    unwanted, superseded = found.get("unwanted", []), plan.superseded(brought(server), found)
    busy = [name for name in unwanted if f"{CERTIFICATES}/{name}" in served]
    # Until site.py has put the user's own in its place, the one from the CA is served.
    busy += [name for name in superseded if BROUGHT not in (found["lineages"][name]["leads_to"] or "")]
    if busy:
        still = f"not deleted, {server.proxy} still serves it; run {invocation.line('site')} first"
        raise Refusal("\n".join(f"{host.name}: certificate {name}: {still}" for name in busy))
    if not unwanted and not superseded:
        logger.info("%severy certificate belongs to a site", host.print_prefix)
    for name in unwanted:
        operations.forget(name=f"Certificate for {name}: delete", lineage=name)
    for name in superseded:
        operations.forget(name=f"Certificate for {name}: delete certbot's", lineage=name, served=True)


def backup(server: Server) -> None:
    """Fetch the account and the certificates into the encrypted file on the controller."""
    if server.backup is None:
        raise Refusal('backup: missing, add it: {"file": "backups/<a name>.backup"}')
    vault.passphrase(server.backup)
    if not operations.look(lineages(server), server.acme.directory_url):
        # Not even Python is there, whole.
        raise Refusal(f"{host.name}: {archive.nothing()}")
    archive.fetch(name=f"Certificates: back up to {server.backup.file}", backup=server.backup)


def _chosen(server: Server, site: str | None) -> list[Wanted]:
    chosen = [one for one in wanted(server) if site in {None, one.lineage.name}]
    if not chosen:
        known = ", ".join(one.lineage.name for one in wanted(server)) or "none"
        near = meant(site, [one.lineage.name for one in wanted(server)])
        raise Refusal(f"site: {site!r}: {near}write a site with a certificate from the CA: {known}")
    return chosen
